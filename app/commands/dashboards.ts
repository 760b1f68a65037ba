import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { TillwatchError } from '../../contract/errors.ts';
import type { Language } from '../../dashboards/grafana/query.ts';
import { addExamples } from './support.ts';

const OUT = 'dashboards/grafana/generated';

interface PushCommandOptions {
  readonly url: string;
  readonly token?: string;
  readonly store: Language;
  readonly rulesDatasource?: string;
}

/** `tillwatch dashboards build|check|push`: Grafana dashboards, alert rules and provisioning files from their one definition. */
export function dashboardsCommand(): Command {
  const command = new Command('dashboards').description(
    'Grafana dashboards, alert rules and provisioning files, for InfluxDB and for Prometheus-like stores',
  );
  const out = () => new Option('--out <dir>', 'where the files are').default(OUT);
  command
    .command('build')
    .description('write every file')
    .addOption(out())
    .action(async ({ out: dir }: { out: string }) => {
      for (const { path, text } of await files()) {
        mkdirSync(dirname(join(dir, path)), { recursive: true });
        writeFileSync(join(dir, path), text);
      }
      process.stdout.write(`${(await files()).length} files in ${dir}\n`);
    });
  command
    .command('check')
    .description('say which files are not what would be built, and fail if there are any')
    .addOption(out())
    .action(async ({ out: dir }: { out: string }) => {
      const stale = (await files())
        .filter(({ path, text }) => !existsSync(join(dir, path)) || readFileSync(join(dir, path), 'utf8') !== text)
        .map(({ path }) => path);
      if (stale.length === 0) return void process.stdout.write(`all files in ${dir} are up to date\n`);
      throw new TillwatchError(
        'dashboards.stale',
        `stale in ${dir}: ${stale.join(', ')}; run "tillwatch dashboards build"`,
      );
    });
  command
    .command('push')
    .description('put the dashboards into a Grafana over its HTTP API')
    .requiredOption('--url <url>', 'Grafana, e.g. http://127.0.0.1:3000')
    .option('--token <token>', 'service account token; better given as TILLWATCH_GRAFANA_TOKEN')
    .addOption(
      new Option('--store <kind>', 'which store Grafana’s datasource is')
        .choices(['prometheus', 'influx'])
        .default('prometheus'),
    )
    .option('--rules-datasource <uid>', 'push the alert rules too, asking this datasource')
    .action(push);
  return addExamples(command, [
    'tillwatch dashboards build',
    'tillwatch dashboards check',
    'TILLWATCH_GRAFANA_TOKEN=… tillwatch dashboards push --url http://127.0.0.1:3000 --store influx',
  ]);
}

async function push(options: PushCommandOptions): Promise<void> {
  const token = options.token ?? process.env.TILLWATCH_GRAFANA_TOKEN;
  if (!token) {
    throw new TillwatchError(
      'dashboards.no_token',
      'give a service account token as TILLWATCH_GRAFANA_TOKEN or --token',
    );
  }
  if (!URL.canParse(options.url) || !/^https?:$/.test(new URL(options.url).protocol)) {
    throw new TillwatchError(
      'dashboards.bad_url',
      `--url is "${options.url}": give Grafana’s address, e.g. http://127.0.0.1:3000`,
    );
  }
  const { pushToGrafana } = await import('../../dashboards/edge/grafana-push.ts');
  const { dashboards, ruleGroups } = await pushToGrafana({
    url: options.url,
    token,
    language: options.store,
    ...(options.rulesDatasource === undefined ? {} : { rulesDatasource: options.rulesDatasource }),
  });
  for (const { url } of dashboards) process.stdout.write(`${new URL(url, options.url)}\n`);
  for (const name of ruleGroups) process.stdout.write(`alert rules: ${name}\n`);
}

/** Loaded only here: the Grafana library is of no use to other commands. */
async function files() {
  const { grafanaFiles } = await import('../../dashboards/grafana/files.ts');
  return grafanaFiles();
}
