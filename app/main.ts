#!/usr/bin/env node
import { TillwatchError } from '../contract/errors.ts';
import { createProgram } from './program.ts';

// node:sqlite is the embedded relational engine on purpose; its "experimental" notice tells an operator nothing.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
});

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  if (error instanceof TillwatchError) {
    process.stderr.write(`tillwatch: ${error.message}\n`);
    process.exitCode = error.code === 'config.invalid' || error.status === 400 ? 2 : 1;
  } else {
    process.stderr.write(`tillwatch: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}
