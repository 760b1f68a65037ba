import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { routesQuery } from '../api/more-queries.ts';
import { May } from '../api/session.tsx';
import type { NoticeRoute } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { RemoveButton } from '../components/remove-button.tsx';
import { RouteForm } from '../forms/route-form.tsx';
import { clockOf } from '../lib/format.ts';

/** Who is told of what, and where. */
export function RoutesBlock({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const query = useQuery(routesQuery(tenant));
  const words = (list: readonly string[], group: string) =>
    list.length === 0 ? t('list.all') : list.map((one) => t(`${group}.${one}`, { defaultValue: one })).join(', ');
  const columns: PlainColumn<NoticeRoute>[] = [
    {
      head: t('form.id'),
      cell: (one) => (
        <>
          <b>{one.id}</b>
          {one.active ? '' : ` (${t('form.inactive')})`}
        </>
      ),
      text: (one) => one.id,
    },
    { head: t('form.audience'), cell: (one) => t(`waiting.${one.audience}`), text: (one) => one.audience },
    {
      head: t('form.channel'),
      cell: (one) => one.channels.map((channel) => `${channel.type}: ${channel.to}`).join('; '),
      text: (one) => one.channels.map((channel) => `${channel.type} ${channel.to}`).join('; '),
    },
    {
      head: t('tickets.severity'),
      cell: (one) => words(one.severities, 'health'),
      text: (one) => one.severities.join(' '),
    },
    {
      head: t('tickets.component'),
      cell: (one) => words(one.components, 'component'),
      text: (one) => one.components.join(' '),
    },
    { head: t('nav.sites'), cell: (one) => words(one.sites, 'none'), text: (one) => one.sites.join(' ') },
    {
      head: t('form.quiet'),
      cell: (one) => (one.quiet === null ? '–' : `${clockOf(one.quiet.from)}–${clockOf(one.quiet.to)}`),
      text: (one) => (one.quiet === null ? null : `${clockOf(one.quiet.from)}-${clockOf(one.quiet.to)}`),
    },
    {
      head: '',
      end: true,
      cell: (one) => (
        <span style={{ display: 'inline-flex', gap: 6 }}>
          <OpenForm
            right="notices:write"
            change
            label={one.id}
            form={(close) => <RouteForm tenant={tenant} route={one} close={close} />}
          />
          <May right="notices:write">
            <RemoveButton
              label={t('form.remove')}
              name={one.id}
              sure={t('form.removeSure', { name: one.id })}
              stale={[tenant, 'notice-routes']}
              remove={() =>
                answer(
                  api.DELETE('/api/v1/tenants/{tenant}/notice-routes/{route}', {
                    params: { path: { tenant, route: one.id } },
                  }),
                )
              }
            />
          </May>
        </span>
      ),
    },
  ];
  return (
    <Block
      title={t('settings.routes')}
      help={t('settings.routesHelp')}
      none={t('settings.routesNone')}
      name="notice-routes"
      action={
        <OpenForm
          right="notices:write"
          label={t('form.newRoute')}
          form={(close) => <RouteForm tenant={tenant} close={close} />}
        />
      }
      query={query}
      columns={columns}
      idOf={(one) => one.id}
    />
  );
}
