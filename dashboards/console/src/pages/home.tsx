import { Container } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { statusQuery, tenantsQuery } from '../api/queries.ts';
import { PlatformBanner } from '../components/platform-banner.tsx';
import { Loading } from '../components/state.tsx';
import { keptTenant } from '../lib/kept.ts';

const FirstRun = lazy(async () => ({ default: (await import('../components/first-run.tsx')).FirstRun }));

/** Leads to the tenant looked at last, or the first; says how to begin where there is none. */
export function Home() {
  const status = useQuery(statusQuery).data;
  const tenants = useQuery(tenantsQuery).data?.items;
  const known = tenants?.map((one) => one.tenant) ?? [];
  const last = keptTenant();
  const tenant = last !== null && known.includes(last) ? last : known[0];
  if (tenant !== undefined) return <Navigate to="/t/$tenant" params={{ tenant }} replace />;
  return (
    <Container size="md" py="md" component="main">
      <PlatformBanner status={status} />
      <Suspense fallback={<Loading />}>
        {tenants && status?.demo?.phase !== 'history' ? <FirstRun status={status} /> : <Loading />}
      </Suspense>
    </Container>
  );
}
