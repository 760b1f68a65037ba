import type { TicketTables } from './tables/tickets.ts';
/** All tables. Each room's tables stand in `tables/<name>.ts` as an interface `{ table_name: Row }` that this one extends. */
export interface Database extends TicketTables {}
