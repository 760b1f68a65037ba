import type { MigrationStep } from '../relational.ts';
import { registry } from './001-registry.ts';
import { findings } from './010-findings.ts';
import { findingClaims } from './011-finding-claims.ts';
import { failureModels } from './012-failure-models.ts';
import { tickets } from './020-tickets.ts';
import { alertsStock } from './021-alerts-stock.ts';
import { alertsShelf } from './022-alerts-shelf.ts';
import { alertsWorkers } from './023-alerts-workers.ts';
import { alertsFiles } from './024-alerts-files.ts';
import { placementRules } from './030-placement-rules.ts';
import { commands } from './031-commands.ts';
import { access } from './080-access.ts';
import { devices } from './081-devices.ts';
import { leases } from './090-leases.ts';

/** Every migration there is, in order of its number. A new one is a file beside this one and a line here. */
export const MIGRATIONS: readonly MigrationStep[] = [
  registry,
  findings,
  findingClaims,
  failureModels,
  tickets,
  alertsStock,
  alertsShelf,
  alertsWorkers,
  alertsFiles,
  placementRules,
  commands,
  access,
  devices,
  leases,
];
