import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { onSignedOut } from '../api/client.ts';
import { sessionQuery } from '../api/session.tsx';
import { Failed, Loading } from './state.tsx';

const SignIn = lazy(() => import('../pages/sign-in.tsx'));

/** Lets in whoever may: where one has to sign in, the page asked for waits behind the sign-in, at its own address. */
export function Gate() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(sessionQuery);
  useEffect(() => onSignedOut(() => void client.invalidateQueries({ queryKey: sessionQuery.queryKey })), [client]);
  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />;
  if (data.user !== null) return <Outlet />;
  return (
    <Suspense fallback={<Loading />}>
      <SignIn oidc={data.oidc} />
    </Suspense>
  );
}
