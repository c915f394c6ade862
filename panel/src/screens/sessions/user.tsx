import { useApi, useSession, type Rows } from '@/api';
import type { User } from '@/api/applications';

/** The user of a session: names where they may be seen and the user is still there, and the number otherwise. */
export function SessionUser({ application, user }: { application: number; user: number }) {
  const { may } = useSession();
  const found = useApi<Rows<User>>('GetUsers', { application_id: application, user_id: user }, { enabled: may('GetUsers'), fresh: 60_000 });
  const known = found.data?.result.find(({ user_id }) => user_id === user);
  if (!known) return user;
  const { user_name, user_display_name } = known;
  return (
    <>
      {user_display_name !== user_name && (
        <span className="clamp" title={user_display_name}>
          {user_display_name}
        </span>
      )}
      <code>{user_name}</code>
    </>
  );
}
