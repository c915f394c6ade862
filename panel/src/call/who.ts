import { useEffect, useState } from 'react';
import { ApiError, call } from '@/api/client';
import type { Application, User } from '@/api/applications';
import type { PanelSession, Rows } from '@/api/types';
import { guestApplications, type GuestApplication, type Identity } from './credential';

/** Applications and users to choose from at most: the page is no list of them. */
const CHOICES = 100;

/** The example application. */
const DEMO = 'demo';

export type Who =
  | { is: 'asking' }
  | { is: 'failed'; why: string }
  /** Not signed in, and guests are not allowed. */
  | { is: 'stranger' }
  /** `newPassword`: signed in, but until an own password is chosen the page knows a guest only. */
  | { is: 'guest'; newPassword: boolean; application: GuestApplication; identity: Identity }
  /** Signed in with a password that is to be replaced first, and guests are not allowed. */
  | { is: 'newcomer' }
  /** Signed in. Without `identity` there is no user yet, or no right to call as one. `history`: may see it. */
  | { is: 'user'; account: string; may: boolean; history: boolean; applications: Application[]; application?: Application; users: User[]; user?: User; identity?: Identity };

/** What the address asks for. */
export interface Wanted {
  application?: number;
  user?: number;
}

export const short = (application: string) => application.split('.')[0] ?? application;

async function guest(newPassword: boolean): Promise<Who | undefined> {
  const [application] = await guestApplications();
  const name = application?.users[0]?.user_name;
  return application && name !== undefined ? { is: 'guest', newPassword, application, identity: { kind: 'guest', application: application.application_name, name } } : undefined;
}

async function find(wanted: Wanted): Promise<Who> {
  let session: PanelSession;
  try {
    session = (await call<{ result: PanelSession }>('GetPanelSession')).result;
  } catch (error) {
    if (error instanceof ApiError && error.code === 0) return { is: 'failed', why: error.msg };
    return (await guest(false)) ?? { is: 'stranger' };
  }
  if (session.password_must_change) return (await guest(true)) ?? { is: 'newcomer' };
  const account = session.account_name;
  const may = ['CreateCallCredential', 'GetApplications', 'GetUsers'].every((method) => session.methods.includes(method));
  const history = session.methods.includes('GetCallHistory');
  if (!may) return { is: 'user', account, may, history, applications: [], users: [] };
  const applications = (await call<Rows<Application>>('GetApplications', { count: CHOICES })).result;
  const application =
    applications.find(({ application_id }) => application_id === wanted.application) ?? applications.find(({ application_name }) => short(application_name) === DEMO) ?? applications[0];
  if (!application) return { is: 'user', account, may, history, applications, users: [] };
  const users = (await call<Rows<User>>('GetUsers', { application_id: application.application_id, user_active: true, count: CHOICES })).result;
  const user = users.find(({ user_id }) => user_id === wanted.user) ?? users[0];
  const identity: Identity | undefined = user && { kind: 'user', applicationId: application.application_id, userId: user.user_id, name: user.user_name, shown: user.user_display_name || user.user_name };
  return { is: 'user', account, may, history, applications, application, users, user, identity };
}

/** Who the page calls as, and whom else it may. */
export function useWho(wanted: Wanted): [Who, () => void] {
  const [who, setWho] = useState<Who>({ is: 'asking' });
  const [turn, setTurn] = useState(0);
  const { application, user } = wanted;
  useEffect(() => {
    let current = true;
    find({ application, user })
      .catch((error: unknown): Who => ({ is: 'failed', why: (error as Error).message }))
      .then((found) => current && setWho(found));
    return () => {
      current = false;
    };
  }, [application, user, turn]);
  return [who, () => setTurn(turn + 1)];
}
