import type { Board } from '../board.ts';
import { batteries, links, printers } from './components.ts';
import { fleet } from './fleet.ts';
import { platform } from './platform.ts';
import { site } from './site.ts';
import { terminal } from './terminal.ts';
import { predictions, tickets } from './work.ts';

/** Every dashboard, in the order of the menu. */
export const BOARDS: readonly Board[] = [
  fleet,
  site,
  terminal,
  printers,
  batteries,
  links,
  predictions,
  tickets,
  platform,
];
