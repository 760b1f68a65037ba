/** Devices of any kind with readings and failures: some failures show beforehand in a gauge, some in a counter's pace, some not at all. */
export interface DeviceTables {
  readonly readings: string;
  readonly failures: string;
}

/** Mulberry32. */
export function random(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const DAY = 86_400_000;
export const FIRST_DAY = Date.UTC(2025, 0, 1);

/** CSV texts: id, time, hum (a gauge that rises before one kind of failure), errors_total, load (noise), model; and id, time of failures. */
export function failingDevices(seed: number, devices: number, days: number, perDay: number): DeviceTables {
  const u = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(u() + 1e-12)) * Math.cos(2 * Math.PI * u());
  const stamp = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const readings = ['device,time,hum,errors_total,load,model'];
  const failures = ['device,failed_at,part'];
  for (let d = 0; d < devices; d++) {
    const name = `m-${d}`;
    const own = 40 + 4 * normal();
    const model = d % 3 === 0 ? 'K2' : 'K1';
    let total = Math.floor(u() * 1000);
    let next = FIRST_DAY + (10 + u() * 80) * DAY;
    let kind = Math.floor(u() * 5);
    for (let step = 0; step < days * perDay; step++) {
      const at = FIRST_DAY + (step / perDay) * DAY;
      if (at >= next) {
        failures.push(`${name},${stamp(next)},${kind}`);
        next = at + (15 + u() * 90) * DAY;
        kind = Math.floor(u() * 5);
      }
      const near = Math.max(0, 1 - (next - at) / (9 * DAY));
      const hum = own + normal() + (kind < 2 ? 9 * near ** 1.5 : 0) + (model === 'K2' ? 3 : 0);
      total += Math.floor(u() * 1.4 + (kind >= 2 && kind < 4 ? 7 * near : 0));
      const lost = u() < 0.02;
      readings.push(
        `${name},${stamp(at)},${lost ? '' : hum.toFixed(2)},${total},${(50 + 20 * normal()).toFixed(1)},${model}`,
      );
    }
  }
  return { readings: `${readings.join('\n')}\n`, failures: `${failures.join('\n')}\n` };
}
