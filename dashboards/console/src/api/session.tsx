import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { holds, type Right } from '../../../../contract/rights.ts';
import { answer, api, setCsrf } from './client.ts';
import { queryClient } from './query-client.ts';
import type { Session } from './types.ts';

/** Who is asking, and whether one has to sign in here. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await answer(api.GET('/api/v1/session', { signal }));
    setCsrf(session.csrf);
    return session;
  },
  staleTime: 60_000,
  refetchInterval: 300_000,
});

/** Signs in; what was refused before is asked anew. Errors: `ApiError` with the reason. */
export async function signIn(username: string, password: string): Promise<void> {
  know(await answer(api.POST('/api/v1/session', { body: { username, password } })));
}

export async function signOut(): Promise<void> {
  await answer(api.DELETE('/api/v1/session'));
  know(await answer(api.GET('/api/v1/session')));
}

/** From now on somebody else looks: what this browser knew was for whoever looked before. */
function know(session: Session): void {
  setCsrf(session.csrf);
  queryClient.setQueryData(sessionQuery.queryKey, session);
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
}

/** What the person who looks may do; the server asks again. */
export function useMay(): (right: Right) => boolean {
  const user = useQuery(sessionQuery).data?.user;
  return (right) => user !== null && user !== undefined && holds(user.role, right);
}

/** Shown only to those who may do it. */
export function May({ right, children }: { right: Right; children: ReactNode }) {
  const may = useMay();
  return may(right) ? children : null;
}
