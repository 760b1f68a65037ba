import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Bench, machine } from './bench.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    warm: { type: 'string' },
    rate: { type: 'string' },
  },
});
const here = new URL('.', import.meta.url);
const NAMED = [
  'line',
  'ingest',
  'ingest-broker',
  'store',
  'fleet',
  'load',
  'predict',
  'pictures',
  'backtest',
  'nab',
  'analytics',
  'tickets',
  'console',
  'scale',
  'soak',
];
const names = NAMED.filter((one) => existsSync(new URL(`${one}.ts`, here)));
const name = positionals[0];
if (!name || !names.includes(name)) {
  process.stderr.write(
    `usage: npm run bench -- NAME [PART …] [--json] [--quick] [--minutes N] [--warm N] [--rate N]\nbenchmarks: ${names.join(', ')}\n`,
  );
  process.exit(2);
}
const { run } = (await import(new URL(`${name}.ts`, here).href)) as { run: Bench };
const at = new Date().toISOString();
const result = await run({
  quick: values.quick,
  ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
  ...(values.warm === undefined ? {} : { warm: Number(values.warm) }),
  ...(values.rate === undefined ? {} : { rate: Number(values.rate) }),
  only: positionals.slice(1),
  say: (text) => process.stderr.write(`${text}\n`),
});
if (values.json) {
  process.stdout.write(
    `${JSON.stringify({ bench: name, at, machine: machine(), rows: result.rows, notes: result.notes })}\n`,
  );
} else {
  const table = result.rows.map((r) => ({
    metric: r.metric,
    value: Number(r.value.toPrecision(5)),
    unit: r.unit,
    baseline: r.baseline === undefined ? '' : Number(r.baseline.toPrecision(5)),
    bar: r.bar === undefined ? '' : `${r.better === 'higher' ? '≥' : '≤'} ${r.bar}`,
    ok: r.ok === undefined ? '' : r.ok ? 'yes' : 'NO',
  }));
  console.table(table);
  for (const note of result.notes) process.stdout.write(`- ${note}\n`);
}
process.exit(0);
