import { Badge, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, apiUrl, seg } from '../api/client.ts';
import { providersQuery } from '../api/more-queries.ts';
import { siteQuery, ticketQuery } from '../api/queries.ts';
import { May } from '../api/session.tsx';
import type { Ticket, TicketAnswer } from '../api/types.ts';
import { plain, SiteLink, useForecast } from '../components/finding.tsx';
import { HealthBadge } from '../components/health.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { TicketFiles } from '../components/ticket-files.tsx';
import { useTicketTitle } from '../components/ticket-line.tsx';
import { TicketSteps } from '../components/ticket-steps.tsx';
import { When } from '../components/when.tsx';
import { dayAndTime, metricName, moment } from '../lib/format.ts';

/** One ticket as a story, with its next step as the one obvious button. */
export function TicketPage() {
  const { t } = useTranslation();
  const { tenant, ticket: id } = useParams({ from: '/gate/t/$tenant/tickets/$ticket' });
  const { data, error, refetch } = useQuery(ticketQuery(tenant, id));
  const title = useTicketTitle();
  if (!data) {
    if (error instanceof ApiError && error.status === 404) return <Empty>{t('tickets.notFound', { id })}</Empty>;
    return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />;
  }
  const { ticket } = data;
  return (
    <>
      <PageHead
        title={title(ticket)}
        note={
          <>
            {ticket.id} · <HealthBadge health={ticket.severity} />{' '}
            <Badge variant="default" tt="none">
              {t(`state.${ticket.state}`)}
            </Badge>
            {ticket.waitingFor && ` · ${t('tickets.waiting', { who: t(`waiting.${ticket.waitingFor}`) })}`} ·{' '}
            {t('when.since', { when: '' })}
            <When at={ticket.stateSince} />
          </>
        }
      />
      <div className="grid two" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 380px), 1fr))' }}>
        <div className="grid">
          <May right="tickets:write">
            <TicketSteps tenant={tenant} page={data} />
          </May>
          <About ticket={ticket} tenant={tenant} />
          {ticket.finding && <Stood ticket={ticket} />}
          <TicketFiles tenant={tenant} ticket={ticket} />
          <Documents tenant={tenant} ticket={ticket} />
        </div>
        <Story answer={data} />
      </div>
    </>
  );
}

function Subject({ ticket, tenant }: { ticket: Ticket; tenant: string }) {
  if (ticket.terminal !== null) {
    return (
      <Link to="/t/$tenant/terminals/$terminal" params={{ tenant, terminal: ticket.terminal }}>
        {ticket.terminal}
      </Link>
    );
  }
  return ticket.scope === 'site' ? <SiteLink tenant={tenant} site={ticket.subject} /> : ticket.subject;
}

function About({ ticket, tenant }: { ticket: Ticket; tenant: string }) {
  const { t } = useTranslation();
  const providers = useQuery(providersQuery(tenant)).data?.items ?? [];
  const provider = providers.find((one) => one.id === ticket.provider)?.name ?? ticket.provider;
  const place = useQuery({ ...siteQuery(tenant, ticket.site ?? ''), enabled: ticket.site !== null }).data?.site.name;
  const entries: [string, ReactNode][] = [
    [t(`scope.${ticket.scope}`), <Subject key="subject" ticket={ticket} tenant={tenant} />],
    [
      t('column.site'),
      ticket.site !== null && ticket.scope !== 'site' && (
        <SiteLink tenant={tenant} site={ticket.site} name={place ?? ticket.site} />
      ),
    ],
    ['', ticket.members.length > 0 && t('tickets.touches', { count: ticket.members.length })],
    [t('tickets.opened'), <When key="opened" at={ticket.openedAt} />],
    [t('tickets.provider'), provider ?? t('tickets.nobody')],
    [t('tickets.technician'), ticket.technician],
    [
      t('tickets.eta'),
      ticket.eta && (
        <>
          <span title={moment(ticket.eta.dueAt)}>{dayAndTime(ticket.eta.dueAt)}</span>
          <Text size="xs" className="muted">
            {t('tickets.because', { why: ticket.eta.reasons.join('; ') })}
          </Text>
        </>
      ),
    ],
    [
      '',
      ticket.parent !== null && (
        <Link to="/t/$tenant/tickets/$ticket" params={{ tenant, ticket: ticket.parent }}>
          {t('tickets.parent', { id: ticket.parent })}
        </Link>
      ),
    ],
    [
      '',
      ticket.repeatOf !== null && (
        <Link to="/t/$tenant/tickets/$ticket" params={{ tenant, ticket: ticket.repeatOf }}>
          {t('tickets.repeatOf', { id: ticket.repeatOf })}
        </Link>
      ),
    ],
  ];
  return (
    <section className="card" aria-labelledby="about">
      <Title order={2} id="about" mb={8}>
        {t('tickets.about')}
      </Title>
      <dl className="dl">
        {entries.map(([name, value], i) =>
          value === null || value === false || value === undefined ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the entries never change places
            <div key={i} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <Text size="sm" className="muted" mt={8}>
        {t(`source.${ticket.source}`)}
      </Text>
      {ticket.report && (
        <Text size="sm" mt={6}>
          {ticket.report.symptom}
        </Text>
      )}
    </section>
  );
}

function Stood({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const forecast = useForecast();
  const finding = ticket.finding;
  if (!finding) return null;
  return (
    <section className="card" aria-labelledby="stood">
      <Title order={2} id="stood">
        {t('terminal.evidence')}
      </Title>
      <Text size="sm" mt={4}>
        {forecast({ ...finding, scope: ticket.scope })}
        {finding.horizonH === 0 && ticket.members.length > 0
          ? ` · ${t('fleet.members', { count: ticket.members.length })}`
          : ''}
      </Text>
      <ul style={{ margin: '6px 0 0', paddingInlineStart: 20, fontSize: '0.875rem' }}>
        {finding.evidence.map((one) => (
          <li key={`${one.metric}${one.why}`}>
            <Text span size="sm">
              {one.why}
            </Text>{' '}
            <Text span size="xs" className="muted">
              {metricName(one.metric)}: {plain(one.value)}
              {one.baseline === null ? '' : ` (${t('terminal.was', { baseline: plain(one.baseline) })})`}
            </Text>
          </li>
        ))}
      </ul>
      <Text size="xs" className="muted" mt={4}>
        {t('when.asOf', { when: '' })}
        <When at={finding.at} />
      </Text>
    </section>
  );
}

const FORMS = ['fault_report', 'repair_record', 'replacement_request', 'loan_slip', 'acceptance_form'] as const;

/** The ticket's forms, filled in, to print. */
function Documents({ tenant, ticket }: { tenant: string; ticket: Ticket }) {
  const { t, i18n } = useTranslation();
  const address = (form: string, as: 'html' | 'pdf') =>
    apiUrl(`/tenants/${seg(tenant)}/tickets/${seg(ticket.id)}/forms/${form}`, {
      as,
      language: i18n.language === 'zh' ? 'zh' : 'en',
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
  return (
    <section className="card noprint" aria-labelledby="documents">
      <Title order={2} id="documents" mb={8}>
        {t('tickets.documents')}
      </Title>
      <ul className="rows">
        {FORMS.map((form) => (
          <li key={form} style={{ display: 'flex', gap: 14, padding: '5px 0' }}>
            <Text size="sm" component="span">
              {t(`paper.${form}`)}
            </Text>
            <Text size="sm" component="span" className="pushed" style={{ display: 'flex', gap: 14 }}>
              <a
                href={address(form, 'html')}
                target="_blank"
                rel="noreferrer"
                aria-label={`${t(`paper.${form}`)} HTML`}
              >
                HTML
              </a>
              <a href={address(form, 'pdf')} target="_blank" rel="noreferrer" aria-label={`${t(`paper.${form}`)} PDF`}>
                PDF
              </a>
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Story({ answer }: { answer: TicketAnswer }) {
  const { t } = useTranslation();
  const newestFirst = [...answer.history].sort((a, b) => b.index - a.index);
  return (
    <section className="card" aria-labelledby="story">
      <Title order={2} id="story" mb={10}>
        {t('tickets.story')}
      </Title>
      <ol className="story">
        {newestFirst.map((entry) => (
          <li key={entry.index}>
            <Text size="sm">{entry.text}</Text>
            <Text size="xs" className="muted">
              <When at={entry.at} /> · {entry.by.role === 'system' ? t('waiting.platform') : entry.by.name}
              {entry.from !== null &&
                entry.from !== entry.to &&
                ` · ${t(`state.${entry.from}`)} → ${t(`state.${entry.to}`)}`}
              {entry.why !== null && ` · ${entry.why}`}
            </Text>
          </li>
        ))}
      </ol>
    </section>
  );
}
