import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** `npm run check`: lint, types, architecture, dead code, generated files. Runs them all and lists every one that failed. */
const steps: readonly { readonly name: string; readonly command: readonly string[]; readonly when?: boolean }[] = [
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  {
    name: 'types of the console',
    command: ['tsc', '--noEmit', '-p', 'dashboards/console'],
    when: existsSync('dashboards/console/tsconfig.json'),
  },
  { name: 'architecture', command: ['vitest', 'run', '--project', 'suite', 'tests/architecture.test.ts'] },
  { name: 'dead code', command: ['knip'] },
  {
    name: 'generated files',
    command: ['node', 'tests/generated.ts', '--check'],
    when: existsSync('tests/generated.ts'),
  },
];

const failed: string[] = [];
for (const step of steps) {
  if (step.when === false) continue;
  process.stdout.write(`\n== ${step.name}: ${step.command.join(' ')}\n`);
  const [binary = '', ...args] = step.command;
  const path = binary === 'node' ? process.execPath : `node_modules/.bin/${binary}`;
  const done = spawnSync(path, args, { stdio: 'inherit' });
  if (done.status !== 0) failed.push(step.name);
}
process.stdout.write(failed.length === 0 ? '\nall checks passed\n' : `\nfailed: ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);
