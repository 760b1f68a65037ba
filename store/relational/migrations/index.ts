import type { MigrationStep } from '../relational.ts';
import { tickets } from './020-tickets.ts';

/** Every migration there is, in order of its number. A new one is a file beside this one and a line here. */
export const MIGRATIONS: readonly MigrationStep[] = [tickets];
