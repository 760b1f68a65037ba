import type { AccessTables } from './tables/access.ts';
import type { AlertsFileTables } from './tables/alerts-files.ts';
import type { AlertsStockTables } from './tables/alerts-stock.ts';
import type { CommandTables } from './tables/commands.ts';
import type { DeadLetterTables } from './tables/dead-letters.ts';
import type { DeviceTables } from './tables/devices.ts';
import type { FindingTables } from './tables/findings.ts';
import type { LeaseTables } from './tables/leases.ts';
import type { RegistryTables } from './tables/registry.ts';
import type { TicketTables } from './tables/tickets.ts';
/** All tables. Each room's tables stand in `tables/<name>.ts` as an interface `{ table_name: Row }` that this one extends. */
export interface Database
  extends FindingTables,
    CommandTables,
    DeadLetterTables,
    RegistryTables,
    TicketTables,
    AlertsStockTables,
    AccessTables,
    AlertsFileTables,
    LeaseTables,
    DeviceTables {}
