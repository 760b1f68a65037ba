import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * What we did not write ourselves. `node tests/supply-chain.ts licences` checks licences, origins and install scripts of all packages
 * (`--list` prints them); `sbom` writes dist/sbom.cdx.json (CycloneDX); `audit` asks the registry for known vulnerabilities, and ends with
 * 3 where the registry gives no answer: unknown is not the same as safe.
 */
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}
const NO_ANSWER = 3;

/** Licences that ask for nothing but their text to be kept. */
const FREE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);
/** Packages that name no licence where machines look, and what their own LICENSE file says. */
const READ: Readonly<Record<string, string>> = { 'png-js': 'MIT', ssh2: 'MIT' };
/** Licences of tools that we run and do not ship, or whose source we do not change. */
const TOOLS = new Set(['MPL-2.0', 'CC-BY-4.0', 'CC-BY-3.0']);

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts?: Record<string, boolean> };
const packages = Object.entries(lock.packages)
  .filter(([path, one]) => path !== '' && !one.link)
  .map(([path, one]) => ({ name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), ...one }));

/** `(MIT OR GPL-2.0)`: one free choice is enough; with AND all must be. */
function isFree(licence: string, allowed: ReadonlySet<string>): boolean {
  const plain = licence.replace(/[()]/g, '');
  if (plain.includes(' OR ')) return plain.split(' OR ').some((one) => isFree(one.trim(), allowed));
  return plain.split(' AND ').every((one) => allowed.has(one.trim()));
}

function licences(): number {
  const faults: string[] = [];
  const count = new Map<string, number>();
  let elsewhere = 0;
  for (const {
    name,
    version,
    license: given,
    dev = false,
    optional,
    resolved,
    integrity,
    hasInstallScript,
  } of packages) {
    const license = given ?? READ[name] ?? 'none given';
    // Binaries for other systems are in the lock file and not here: their main package, which is, says what they are.
    if (license === 'none given' && optional) {
      elsewhere++;
      continue;
    }
    count.set(license, (count.get(license) ?? 0) + 1);
    if (process.argv.includes('--list'))
      process.stdout.write(`${name}@${version}\t${license}${dev ? '\tdevelopment' : ''}\n`);
    const allowed = dev ? new Set([...FREE, ...TOOLS]) : FREE;
    if (!isFree(license, allowed))
      faults.push(`${name}@${version}: licence ${license}${dev ? '' : ', in what we ship'}`);
    const fromRegistry = resolved === undefined || resolved.startsWith('https://registry.npmjs.org/');
    if (!fromRegistry || !integrity) faults.push(`${name}@${version}: not from the registry with its digest`);
    if (hasInstallScript && manifest.allowScripts?.[name] === undefined) {
      faults.push(`${name}@${version}: runs a script at installation; decide in allowScripts of package.json`);
    }
  }
  const sorted = [...count].sort((a, b) => b[1] - a[1]);
  process.stdout.write(
    `${packages.length} packages: ${sorted.map(([licence, n]) => `${licence} ${n}`).join(', ')}; ${elsewhere} for other systems\n`,
  );
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length > 0 ? 1 : 0;
}

function sbom(): number {
  const made = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (made.status !== 0) {
    process.stderr.write(made.stderr);
    return 1;
  }
  const bom = JSON.parse(made.stdout) as {
    bomFormat: string;
    components: { name: string; version: string; 'bom-ref': string }[];
    dependencies: { ref: string; dependsOn?: string[] }[];
  };
  // npm's own `--omit dev` drops what we ship and a tool needs too; the lock file knows better.
  const shipped = new Set(packages.filter(({ dev }) => !dev).map(({ name, version }) => `${name}@${version}`));
  const components = bom.components.filter(({ name, version }) => shipped.has(`${name}@${version}`));
  const refs = new Set(components.map((one) => one['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref) || ref.startsWith('tillwatch@'))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const missing = packages.filter(
    ({ name, version, dev, optional }) => !dev && !optional && !listed.has(`${name}@${version}`),
  );
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/sbom.cdx.json', `${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`);
  process.stdout.write(`dist/sbom.cdx.json: ${bom.bomFormat}, ${components.length} components\n`);
  for (const { name, version } of missing) process.stderr.write(`${name}@${version} is missing in it\n`);
  return missing.length > 0 ? 1 : 0;
}

function audit(): number {
  const made = spawnSync('npm', ['audit', '--omit', 'dev', '--json'], { encoding: 'utf8', timeout: 60_000 });
  let answer: { metadata?: { vulnerabilities?: Record<string, number> }; message?: string } = {};
  try {
    answer = JSON.parse(made.stdout || '{}') as typeof answer;
  } catch {
    // Said below.
  }
  const found = answer.metadata?.vulnerabilities;
  if (!found) {
    process.stdout.write(
      `no answer from the registry (${answer.message ?? made.error?.message ?? 'nothing said'}): known vulnerabilities were NOT looked up\n`,
    );
    return NO_ANSWER;
  }
  process.stdout.write(
    `${Object.entries(found)
      .map(([level, n]) => `${level} ${n}`)
      .join(', ')}\n`,
  );
  return (found.high ?? 0) + (found.critical ?? 0) > 0 ? 1 : 0;
}

const commands: Record<string, () => number> = { licences, sbom, audit };
const command = commands[process.argv[2] ?? ''];
if (!command) process.stderr.write(`give one of ${Object.keys(commands).join(', ')}\n`);
process.exit(command ? command() : 2);
