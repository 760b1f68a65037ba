import { createOutbox } from '../../store/relational/repositories/outbox.ts';
import { createTicketRepository } from '../../store/relational/repositories/tickets.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { ticketSuite } from './tickets.ts';

describeEachRelational('tickets and outbox', (open) => {
  ticketSuite(async () => {
    const relational = await open();
    return { tickets: createTicketRepository(relational), outbox: createOutbox(relational) };
  });
});
