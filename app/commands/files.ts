import type { Command } from 'commander';
import { detectCommand } from './detect.ts';
import { forecastCommand } from './forecast.ts';
import { learnCommand } from './learn.ts';
import { scoreCommand } from './score.ts';

/** Commands that work on files alone, without a platform. */
export function fileCommands(): Command[] {
  return [detectCommand(), forecastCommand(), learnCommand(), scoreCommand()];
}
