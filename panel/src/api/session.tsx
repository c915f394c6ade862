import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useMemo, type ReactNode } from 'react';
import { actingAccount, call, post, setActingAccount } from './client';
import type { PanelSession } from './types';

export interface Session extends PanelSession {
  /** True when the user may call the method. What is false is not offered. */
  may(method: string): boolean;
  /** True when the account acted on is not the one signed in to. */
  acting: boolean;
  /** Acts on a child account; without an id, on the own one again. */
  act(accountId?: number): Promise<void>;
  signOut(): Promise<void>;
}

const SessionContext = createContext<Session | null>(null);

/** The signed-in user. Only below the signed-in part of the router. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession outside of a session');
  return session;
}

export const SESSION_QUERY = ['session'];

export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_QUERY,
    queryFn: async ({ signal }) => (await call<{ result: PanelSession }>('GetPanelSession', {}, signal)).result,
    staleTime: 60_000,
    retry: false,
  });
}

export function SessionProvider({ panel, children }: { panel: PanelSession; children: ReactNode }) {
  const queries = useQueryClient();
  const act = useCallback(
    async (accountId?: number) => {
      const before = actingAccount();
      setActingAccount(accountId);
      try {
        const { result } = await call<{ result: PanelSession }>('GetPanelSession');
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] === 'api' });
        queries.setQueryData(SESSION_QUERY, result);
      } catch (error) {
        setActingAccount(before);
        throw error;
      }
    },
    [queries],
  );
  const session = useMemo<Session>(() => {
    const methods = new Set(panel.methods);
    return {
      ...panel,
      may: (method) => methods.has(method),
      acting: panel.account_id !== panel.home_account_id,
      act,
      signOut: async () => {
        await post('/panel/sign-out').catch(() => undefined);
        setActingAccount(undefined);
        window.location.assign('/sign-in');
      },
    };
  }, [panel, act]);
  return <SessionContext value={session}>{children}</SessionContext>;
}
