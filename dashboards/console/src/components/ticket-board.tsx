import { Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { TicketState } from '../../../../contract/tickets.ts';
import type { TicketSummary } from '../api/types.ts';
import { number } from '../lib/format.ts';
import { HealthBadge } from './health.tsx';
import { useTicketTitle } from './ticket-line.tsx';
import { When } from './when.tsx';

/** Columns of the board: states that one person works on in one go stand together. */
const PHASES = {
  new: ['reported', 'first_aid'],
  diagnosis: ['diagnosis', 'decision'],
  merchant: ['quote', 'consent'],
  repair: ['preparation', 'repair'],
  handover: ['testing', 'handover'],
  special: ['lost', 'review', 'approved', 'deactivated', 'reactivation'],
  ended: ['closed', 'follow_up', 'archived', 'cancelled'],
} as const satisfies Record<string, readonly TicketState[]>;
type Phase = keyof typeof PHASES;
const PHASE_OF = new Map<string, Phase>(
  (Object.keys(PHASES) as Phase[]).flatMap((phase) => PHASES[phase].map((state) => [state, phase] as const)),
);

/** Tickets by phase, worst first in each; phases without a ticket take no room but for those of every day. */
export function TicketBoard({ tenant, tickets }: { tenant: string; tickets: readonly TicketSummary[] }) {
  const { t } = useTranslation();
  const title = useTicketTitle();
  const byPhase = Map.groupBy(tickets, (ticket) => PHASE_OF.get(ticket.state) ?? 'special');
  const shown = (Object.keys(PHASES) as Phase[]).filter(
    (phase) => byPhase.has(phase) || (phase !== 'special' && phase !== 'ended'),
  );
  return (
    <div className="board">
      {shown.map((phase) => {
        const list = byPhase.get(phase) ?? [];
        return (
          <section key={phase} aria-label={t(`tickets.phase.${phase}`)}>
            <Title order={2} size="sm" mb={6}>
              {t(`tickets.phase.${phase}`)}{' '}
              <Text span className="muted" size="sm">
                {number(list.length)}
              </Text>
            </Title>
            <ul className="rows">
              {list.map((ticket) => (
                <li key={ticket.id} className="card" style={{ padding: 0, marginBottom: 8 }}>
                  <Link
                    className="rowlink"
                    style={{ padding: 10 }}
                    to="/t/$tenant/tickets/$ticket"
                    params={{ tenant, ticket: ticket.id }}
                  >
                    <span className="head">
                      <HealthBadge health={ticket.severity} />
                      <span className="id">{ticket.id}</span>
                    </span>
                    <Text size="sm" component="span" display="block" mt={4}>
                      {title(ticket)}
                    </Text>
                    <Text size="xs" component="span" display="block" className="muted">
                      {ticket.terminal ?? ticket.subject} · {t(`state.${ticket.state}`)} ·{' '}
                      <When at={ticket.stateSince} />
                    </Text>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
