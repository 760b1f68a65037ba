import { Command } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { backtestCommand } from './commands/backtest.ts';
import { backupCommand } from './commands/backup.ts';
import { dashboardsCommand } from './commands/dashboards.ts';
import { deviceCommand } from './commands/device.ts';
import { doctorCommand } from './commands/doctor.ts';
import { fileCommands } from './commands/files.ts';
import { moveCommand } from './commands/move.ts';
import { openapiCommand } from './commands/openapi.ts';
import { privacyCommand } from './commands/privacy.ts';
import { relearnCommand } from './commands/relearn.ts';
import { replayCommand } from './commands/replay.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { simulateCommand } from './commands/simulate.ts';
import { tablesCommand } from './commands/tables.ts';
import { upCommand } from './commands/up.ts';
import { userCommand } from './commands/user.ts';
import { version } from './version.ts';

/** The `tillwatch` command line. */
export function createProgram(): Command {
  const program = new Command('tillwatch')
    .description('Fleet telemetry and predictive maintenance for payment terminals.')
    .version(version())
    .showHelpAfterError('(see "tillwatch --help")');
  const commands = [
    upCommand(),
    serveCommand(),
    backupCommand(),
    restoreCommand(),
    moveCommand(),
    relearnCommand(),
    tablesCommand(),
    doctorCommand(),
    replayCommand(),
    backtestCommand(),
    ...fileCommands(),
    simulateCommand(),
    dashboardsCommand(),
    userCommand(),
    deviceCommand(),
    auditCommand(),
    privacyCommand(),
    openapiCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}
