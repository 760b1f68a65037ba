import { join } from 'node:path';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { startLine } from './ingest-line.ts';

/** The ingest line with all its embedded stores as a process of its own, to be killed: `ingest-child.ts DIR PORT`. Says `ready` with what recovery took. */
const [dir = '', port = '0'] = process.argv.slice(2);
const began = performance.now();
const age = 10 * 365 * 86_400_000;
const telemetry = createDuckDbTelemetry({
  dir: join(dir, 'telemetry'),
  directory: { facts: () => undefined },
  retention: { raw: age, '5m': age, '1h': age },
});
await telemetry.start();
const line = await startLine({ dir, telemetry, source: { tcp: { host: '127.0.0.1', port: Number(port) } } });
const save = line.ingest.jobs?.find((job) => job.name === 'ingest-state');
// Far more often than in life, so that kills fall into it.
setInterval(() => void save?.run(Date.now(), new AbortController().signal), 150);
const { readings, ms } = line.ingest.recovery;
process.stdout.write(
  `ready ${JSON.stringify({ readings, recoveryMs: ms, startMs: Math.round(performance.now() - began) })}\n`,
);
