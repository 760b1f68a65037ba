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
  { name: 'licences and origins of packages', command: ['node', 'tests/supply-chain.ts', 'licences'] },
  { name: 'bill of materials', command: ['node', 'tests/supply-chain.ts', 'sbom'] },
  { name: 'known vulnerabilities', command: ['node', 'tests/supply-chain.ts', 'audit'] },
];
/** A step ends with this where what it asks gave no answer: neither passed nor failed. */
const NO_ANSWER = 3;

const failed: string[] = [];
const unanswered: string[] = [];
for (const step of steps) {
  if (step.when === false) continue;
  process.stdout.write(`\n== ${step.name}: ${step.command.join(' ')}\n`);
  const [binary = '', ...args] = step.command;
  const path = binary === 'node' ? process.execPath : `node_modules/.bin/${binary}`;
  const done = spawnSync(path, args, { stdio: 'inherit' });
  if (done.status === NO_ANSWER && step.command.includes('audit')) unanswered.push(step.name);
  else if (done.status !== 0) failed.push(step.name);
}
process.stdout.write(
  failed.length === 0 ? '\nall checks that could be made passed\n' : `\nfailed: ${failed.join(', ')}\n`,
);
if (unanswered.length > 0) process.stdout.write(`not checked, for want of an answer: ${unanswered.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);
