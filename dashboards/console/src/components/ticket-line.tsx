import { Badge, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { TicketView } from '../api/types.ts';
import { useFaultName } from './finding.tsx';
import { HealthBadge } from './health.tsx';
import { When } from './when.tsx';

/** A ticket's title in the language set now: the fault where it has one, else the words it was given. */
export function useTicketTitle(): (ticket: Pick<TicketView, 'title' | 'component' | 'mode'>) => string {
  const faultName = useFaultName();
  return (ticket) =>
    ticket.component !== null && ticket.mode !== null ? faultName(ticket.component, ticket.mode) : ticket.title;
}

/** A ticket in a short list: what, whose move, since when. */
export function TicketLine({ tenant, ticket }: { tenant: string; ticket: TicketView }) {
  const { t } = useTranslation();
  const title = useTicketTitle();
  return (
    <Link className="rowlink" to="/t/$tenant/tickets/$ticket" params={{ tenant, ticket: ticket.id }}>
      <span className="head">
        <HealthBadge health={ticket.severity} />
        <span className="id">{ticket.id}</span>
        <Text size="sm" component="span">
          {title(ticket)}
        </Text>
        <Badge variant="default" className="pushed" tt="none">
          {t(`state.${ticket.state}`)}
        </Badge>
      </span>
      <Text size="xs" className="muted" component="span" display="block" mt={2}>
        {ticket.waitingFor && `${t('tickets.waiting', { who: t(`waiting.${ticket.waitingFor}`) })} · `}
        {t('tickets.opened')} <When at={ticket.openedAt} />
      </Text>
    </Link>
  );
}
