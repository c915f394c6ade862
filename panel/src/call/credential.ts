import { call, post } from '@/api/client';

/** Who the page calls as. `name` is the login, `shown` what others see. */
export type Identity = { kind: 'guest'; application: string; name: string } | { kind: 'user'; applicationId: number; userId: number; name: string; shown: string };

/** `CreateCallCredential`: what one connection of the browser signs in with, for ten minutes. */
export interface Credential {
  /** What stands before the `@` of the address; challenges are answered by the other name. */
  user_name: string;
  authorization_user: string;
  password: string;
  domain: string;
  /** Of the WebSocket, on this page's own host. */
  ws_path: string;
  expires_at: string;
}

/** An application that may be called without signing in, and the users as whom. */
export interface GuestApplication {
  application_name: string;
  users: { user_name: string; user_display_name: string }[];
}

/** A new credential, used up by the connection that takes it. */
export async function credential(identity: Identity): Promise<Credential> {
  if (identity.kind === 'guest') return (await post<{ result: Credential }>('/call/guest', { application_name: identity.application, user_name: identity.name })).result;
  return (await call<{ result: Credential }>('CreateCallCredential', { application_id: identity.applicationId, user_id: identity.userId })).result;
}

/** The applications that may be called without signing in; none where guests are not allowed. */
export async function guestApplications(): Promise<GuestApplication[]> {
  try {
    const response = await fetch('/call/guest', { credentials: 'omit' });
    return response.ok ? ((await response.json()) as { applications: GuestApplication[] }).applications : [];
  } catch {
    return [];
  }
}
