import { call, post } from '@/api/client';

/** Who the page calls as. */
export type Identity = { kind: 'guest'; application: string } | { kind: 'user'; applicationId: number; userId: number; name: string };

/** What one connection of the browser signs in with, for ten minutes. */
export interface Credential {
  /** Of the digest; `user` is what stands before the `@` of the address. */
  username: string;
  password: string;
  user: string;
  domain: string;
  /** Of the WebSocket, on this page's own host. */
  path: string;
  expires_at: number | string;
}

/** A new credential, used up by the connection that takes it. */
export async function credential(identity: Identity): Promise<Credential> {
  if (identity.kind === 'guest') return post<Credential>('/call/guest', { application: identity.application });
  return (await call<{ result: Credential }>('CreateCallCredential', { application_id: identity.applicationId, user_id: identity.userId })).result;
}

/** The applications that may be called without signing in; none where guests are not allowed. */
export async function guestApplications(): Promise<string[]> {
  try {
    const response = await fetch('/call/guest', { credentials: 'omit' });
    return response.ok ? ((await response.json()) as { applications: string[] }).applications : [];
  } catch {
    return [];
  }
}
