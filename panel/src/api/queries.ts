import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { actingAccount, call, type ApiError, type Params } from './client';

/** Reads a method. Cached by account, method and parameters; the rows of the page before stay until the next are there. */
export function useApi<T>(method: string, params: Params = {}, options: { enabled?: boolean; every?: number; fresh?: number } = {}) {
  return useQuery<T, ApiError>({
    queryKey: ['api', method, actingAccount() ?? 0, params],
    queryFn: ({ signal }) => call<T>(method, params, signal),
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
    staleTime: options.fresh ?? 5_000,
    placeholderData: keepPreviousData,
  });
}

/** Writes by a method, then reads again what the named methods had answered. */
export function useChange<T = { result: unknown }>(method: string, rereads: readonly string[] = []) {
  const queries = useQueryClient();
  return useMutation<T, ApiError, Params>({
    mutationFn: (params) => call<T>(method, params),
    onSuccess: () => reread(queries, rereads),
  });
}

/** Marks the answers of methods as stale; those on the screen are read again at once. */
export function reread(queries: ReturnType<typeof useQueryClient>, methods: readonly string[]): Promise<void> {
  return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'api' && methods.includes(String(queryKey[1])) });
}
