import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { incidentsQuery } from '../api/more-queries.ts';
import type { Incident } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { useFaultName } from '../components/finding.tsx';
import { HealthBadge } from '../components/health.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { PageHead } from '../components/state.tsx';
import { When } from '../components/when.tsx';
import { number } from '../lib/format.ts';

/** Every fault that Tillwatch knows of, with the decision taken on it: a ticket, held back, or worked on in a wider one, and why. */
export function IncidentsPage() {
  const { t, i18n } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const query = useQuery(incidentsQuery(tenant));
  const faultName = useFaultName();
  // The platform writes its decisions out in English: elsewhere their reason is said, and the sentence kept beside it.
  const decided = ({ decision }: Incident) =>
    i18n.language === 'en' ? (
      decision.text
    ) : (
      <span title={decision.text}>{t(`incidents.reason.${decision.reason}`, { defaultValue: decision.text })}</span>
    );
  const columns: PlainColumn<Incident>[] = [
    { head: t('tickets.severity'), cell: (one) => <HealthBadge health={one.severity} />, text: (one) => one.severity },
    {
      head: t('column.finding'),
      cell: (one) => faultName(one.component, one.mode),
      text: (one) => `${one.component}/${one.mode}`,
    },
    {
      head: t('incidents.subject'),
      cell: (one) =>
        one.terminal === null ? (
          `${t(`scope.${one.scope}`)} ${one.subject}`
        ) : (
          <Link to="/t/$tenant/terminals/$terminal" params={{ tenant, terminal: one.terminal }}>
            {one.terminal}
          </Link>
        ),
      text: (one) => one.subject,
    },
    {
      head: t('incidents.standing'),
      cell: (one) => (
        <>
          {t(one.standing ? 'incidents.stands' : 'incidents.cleared')}
          {one.flapping ? ` · ${t('incidents.flapping')}` : ''}
        </>
      ),
      text: (one) => (one.standing ? 'standing' : 'cleared'),
    },
    {
      head: t('nav.tickets'),
      cell: (one) =>
        one.ticket && (
          <Link to="/t/$tenant/tickets/$ticket" params={{ tenant, ticket: one.ticket }}>
            {one.ticket}
          </Link>
        ),
      text: (one) => one.ticket,
    },
    { head: t('incidents.decision'), cell: (one) => decided(one), text: (one) => one.decision.text },
    {
      head: t('field.at'),
      cell: (one) => <When at={one.decision.at} />,
      text: (one) => new Date(one.decision.at).toISOString(),
    },
  ];
  return (
    <>
      <PageHead
        title={t('nav.incidents')}
        note={
          query.data && (
            <>
              {t('list.showing', { total: number(query.data.total) })} · {t('when.updated', { when: '' })}
              <When at={query.dataUpdatedAt} />
            </>
          )
        }
      />
      <Block
        title={t('incidents.title')}
        help={t('incidents.help')}
        none={t('incidents.none')}
        name="incidents"
        query={query}
        columns={columns}
        idOf={(one) => one.fingerprint}
      />
    </>
  );
}
