import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { LoadOptions } from '../../firmware-sim/edge/load/options.ts';
import { loadScenario, runLoad, runSimulation } from '../../firmware-sim/service.ts';
import { startServer } from '../support/servers.ts';
import { type Bench, median, row } from './bench.ts';

const CONFIG = 'max_connections -1\nmax_queued_messages 0\n';

/** The load generator against a bare Mosquitto on loopback, and a month of 300 terminals recorded. */
export const run: Bench = async ({ quick, say }) => {
  const server = await startServer('mosquitto', { config: CONFIG });
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-bench-load-'));
  const base: LoadOptions = {
    url: `mqtt://127.0.0.1:${server.port}`,
    tenant: 'load',
    terminals: 200,
    gateways: 0,
    batch: 100,
    rate: 'max',
    qos: 0,
    rampS: 1,
    durationS: quick ? 3 : 8,
    window: 100,
    processes: 1,
    allowRemote: false,
  };
  try {
    const rounds = quick ? 1 : 3;
    const qos0: number[] = [];
    const qos1: number[] = [];
    const cores: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const zero = await runLoad(base);
      const one = await runLoad({ ...base, qos: 1 });
      say(
        `round ${round + 1}: QoS 0 ${Math.round(zero.sentPerS)}/s, QoS 1 ${Math.round(one.ackedPerS ?? 0)}/s acknowledged, ${one.lost} lost`,
      );
      qos0.push(zero.sentPerS);
      qos1.push(one.ackedPerS ?? 0);
      cores.push(one.cpuCores);
    }
    // Mosquitto's own limit of open files bounds what it can take: ask for what it may have, up to the bar.
    const many = await runLoad({
      ...base,
      qos: 1,
      terminals: 20_000,
      rampS: quick ? 8 : 12,
      durationS: quick ? 4 : 20,
      rate: 1000,
      window: 8,
      processes: 0,
    });
    say(
      `${many.connected} connections in ${Math.round(many.rssMb)} MB, up in ${many.rampS.toFixed(1)} s, ${many.lost} lost`,
    );
    const million = await runLoad({
      ...base,
      qos: 1,
      terminals: 1_000_000,
      gateways: 200,
      rate: 50_000,
      durationS: quick ? 3 : 20,
      window: 20,
    });
    say(`a million terminals behind 200 gateways: ${Math.round(million.ackedPerS ?? 0)} messages/s acknowledged`);
    const record = join(dir, 'month.ndjson.gz');
    const month = await runSimulation({
      scenario: await loadScenario('mixed-month'),
      record,
      ...(quick ? { days: 5 } : {}),
      log: pino({ level: 'silent' }),
    });
    const monthS = ((month.elapsedMs / 1000) * 30) / (quick ? 5 : 30);
    return {
      rows: [
        row('load.connections', many.connected, '', 'higher', { bar: 20_000 }),
        row('load.rss_mb', many.rssMb, 'MB', 'lower', { bar: 1500 }),
        row('load.qos0_per_s', median(qos0), '1/s', 'higher', { bar: 60_000 }),
        row('load.qos1_per_s', median(qos1), '1/s', 'higher', { bar: 30_000 }),
        row('load.month_300_s', monthS, 's', 'lower', { bar: 60 }),
      ],
      notes: [
        `load.connections: ${many.processes} process(es), ${many.refused} attempts refused and tried again, ${many.lost} messages lost`,
        `the generator took ${median(cores).toFixed(2)} cores at QoS 1; the rest was Mosquitto's`,
        `a million terminals behind 200 gateways: ${Math.round(million.ackedPerS ?? 0)} messages/s acknowledged, ${million.lost} lost, ${Math.round(million.rssMb)} MB`,
        `a month of 300 terminals: ${month.messages} messages, ${Math.round(statSync(record).size / 2 ** 20)} MB compressed${quick ? '; five days measured and scaled' : ''}`,
      ],
    };
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};
