import { Engine } from '../../analytics/core/engine.ts';
import { type FindingLine, type Score, scoreFindings, type TruthLine } from '../../analytics/core/score.ts';
import { type Finding, findingToWire } from '../../contract/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { createFleet, type Scenario } from '../../firmware-sim/service.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { type FieldOptions, fieldFleet } from './field-fleet.ts';
import { type RoughOptions, roughFleet } from './rough-fleet.ts';
import { type StreetOptions, streetFleet } from './street-fleet.ts';
import { type WildOptions, wildFleet } from './wild-fleet.ts';
import { dice } from './wild-random.ts';

/** One fleet through the engine: what it said and how good that was. */
export interface PredictRun {
  readonly name: string;
  readonly findings: readonly FindingLine[];
  readonly truth: readonly TruthLine[];
  readonly terminalDays: number;
  readonly messages: number;
  readonly terminals: number;
  readonly engineMs: number;
  readonly bytes: number;
  readonly score: Score;
}

/** Sees every reading and what the engine said of it. */
export type Watch = (engine: Engine, reading: Reading, said: readonly Finding[]) => void;

const DAY = 86_400_000;

function follow(
  name: string,
  readings: Iterable<Reading>,
  finish: () => { truth: readonly TruthLine[]; terminalDays: number },
  watch?: Watch,
): PredictRun {
  const engine = new Engine();
  const findings: FindingLine[] = [];
  let messages = 0;
  let engineMs = 0;
  let pending: Reading[] = [];
  const run = (): void => {
    const began = performance.now();
    for (const reading of pending) {
      for (const said of [engine.advance(reading.receivedAt), engine.process(reading)]) {
        for (const finding of said) findings.push(findingToWire(finding) as unknown as FindingLine);
        watch?.(engine, reading, said);
      }
    }
    engineMs += performance.now() - began;
    messages += pending.length;
    pending = [];
  };
  for (const reading of readings) {
    pending.push(reading);
    if (pending.length >= 4096) run();
  }
  run();
  const { truth, terminalDays } = finish();
  const { terminals, bytes } = engine.stats;
  return {
    name,
    findings,
    truth,
    terminalDays,
    messages,
    terminals,
    engineMs,
    bytes,
    score: scoreFindings(findings, truth, terminalDays),
  };
}

/** A fleet of the second generator. */
export function wildRun(options: WildOptions, watch?: Watch): PredictRun {
  const fleet = wildFleet(options);
  return follow(
    `wild-${options.seed}`,
    fleet.readings,
    () => ({ truth: fleet.truth, terminalDays: fleet.terminalDays }),
    watch,
  );
}

/** A fleet of the third generator, through ingest's own pipeline as a recording would go. */
export function roughRun(options: RoughOptions, watch?: Watch): PredictRun {
  const fleet = roughFleet(options);
  const spans = new Spans();
  const finish = () => ({ truth: fleet.truth, terminalDays: spans.days });
  return follow(`rough-${options.seed}`, decoded(fleet.lines, spans), finish, watch);
}

/** A fleet of the fourth generator, decoded likewise. */
export function fieldRun({ name, ...options }: FieldOptions & { readonly name?: string }, watch?: Watch): PredictRun {
  const fleet = fieldFleet(options);
  const spans = new Spans();
  const finish = () => ({ truth: fleet.truth, terminalDays: spans.days });
  return follow(name ?? `field-${options.seed}`, decoded(fleet.lines, spans), finish, watch);
}

/** A fleet of the fifth generator, decoded likewise. */
export function streetRun({ name, ...options }: StreetOptions & { readonly name?: string }, watch?: Watch): PredictRun {
  const fleet = streetFleet(options);
  const spans = new Spans();
  const finish = () => ({ truth: fleet.truth, terminalDays: spans.days });
  return follow(name ?? `street-${options.seed}`, decoded(fleet.lines, spans), finish, watch);
}

/** Readings of a recording, as ingest's own pipeline accepts them. */
function* decoded(
  lines: Iterable<{ topic: string; payload: string | object; received_at: number }>,
  spans: Spans,
): Generator<Reading> {
  const pipeline = createPipeline();
  for (const { topic, payload, received_at } of lines) {
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    for (const reading of pipeline.accept(topic, bytes, received_at).readings) {
      spans.see(reading);
      yield reading;
    }
  }
}

/** First and last event time of each terminal: their sum is what false alarms are measured against. */
class Spans {
  readonly #spans = new Map<string, [number, number]>();

  see({ terminal, ts }: Reading): void {
    const span = this.#spans.get(terminal);
    if (span) span[1] = Math.max(span[1], ts);
    else this.#spans.set(terminal, [ts, ts]);
  }

  get days(): number {
    return [...this.#spans.values()].reduce((sum, [first, last]) => sum + (last - first) / DAY, 0);
  }
}

/** A scenario of the product's simulator, through ingest's own pipeline; each terminal lacks that share of all fields, drawn by the seed. */
export function simRun(scenario: Scenario, seed: number, lacking = 0, watch?: Watch): PredictRun {
  const fleet = createFleet({ scenario, seed });
  const pipeline = createPipeline();
  const spans = new Spans();
  const from = fleet.now;
  const without = lacking > 0 ? lackingFields(seed, lacking) : undefined;
  function* readings(): Generator<Reading> {
    for (const slice of fleet.slices(from + scenario.days * DAY)) {
      for (const message of slice) {
        if (message.kind !== 'message' && message.kind !== 'will') continue;
        const payload = typeof message.payload === 'string' ? Buffer.from(message.payload) : message.payload;
        for (const reading of pipeline.accept(message.topic, payload, message.receivedAt).readings) {
          spans.see(reading);
          yield without ? without(reading) : reading;
        }
      }
    }
  }
  const finish = () => ({
    truth: fleet.truth() as readonly TruthLine[],
    terminalDays: spans.days,
  });
  return follow(`${scenario.name}-${seed}`, readings(), finish, watch);
}

/** Drops from each terminal's readings the fields that it lacks for ever: whether it has one is drawn when it first tells it. */
function lackingFields(seed: number, share: number): (reading: Reading) => Reading {
  const terminals = new Map<string, { readonly u: () => number; readonly has: Map<string, boolean> }>();
  return (reading) => {
    if (reading.channel !== 'heartbeat' && reading.channel !== 'counters') return reading;
    let one = terminals.get(reading.terminal);
    if (!one) terminals.set(reading.terminal, (one = { u: dice(seed * 8191 + terminals.size), has: new Map() }));
    const { u, has } = one;
    const payload = structuredClone(reading.payload) as unknown as Record<string, Record<string, unknown>>;
    for (const group in payload) {
      const fields = payload[group]!;
      if (typeof fields !== 'object') continue;
      for (const field of Object.keys(fields)) {
        const name = `${group}.${field}`;
        if (!has.has(name)) has.set(name, u() >= share);
        if (!has.get(name)) delete fields[field];
      }
    }
    return { ...reading, payload } as unknown as Reading;
  };
}

/** Adds runs up into one score. */
export function total(runs: readonly PredictRun[]): Score {
  const tagged = <T extends { tenant: string }>(run: PredictRun, line: T): T => ({
    ...line,
    tenant: `${run.name}/${line.tenant}`,
  });
  return scoreFindings(
    runs.flatMap((run) => run.findings.map((line) => tagged(run, line))),
    runs.flatMap((run) => run.truth.map((line) => tagged(run, line))),
    runs.reduce((sum, run) => sum + run.terminalDays, 0),
  );
}

/** Faults and false alarms by cause, for tables. */
export function byCause(score: Score): {
  cause: string;
  announced: number;
  found: number;
  late: number;
  unnamed: number;
  missed: number;
  covered: number;
  stated: number;
  falseAlarms: number;
}[] {
  const rows = new Map<string, ReturnType<typeof byCause>[number]>();
  const row = (cause: string) => {
    let known = rows.get(cause);
    if (!known)
      rows.set(
        cause,
        (known = {
          cause,
          announced: 0,
          found: 0,
          late: 0,
          unnamed: 0,
          missed: 0,
          covered: 0,
          stated: 0,
          falseAlarms: 0,
        }),
      );
    return known;
  };
  for (const fault of score.faults) {
    const r = row(`${fault.truth.component}/${fault.truth.mode}`);
    r.announced++;
    r[fault.result]++;
    if (fault.covered !== null) r.stated++;
    if (fault.covered) r.covered++;
  }
  for (const alarm of score.falseAlarms) row(`${alarm.component}/${alarm.mode}`).falseAlarms++;
  return [...rows.values()].sort(
    (a, b) =>
      b.announced - b.found + b.falseAlarms - (a.announced - a.found + a.falseAlarms) || a.cause.localeCompare(b.cause),
  );
}
