/** A payload as bytes. */
export function bytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

export function wireHeartbeat(ts: number, seq: number, more: object = {}, boot = 'b1'): Buffer {
  return bytes({ ts, boot, seq, battery: { soc_pct: 80 }, ...more });
}

export function wireBirth(ts: number, seq: number, more: object = {}, boot = 'b1'): Buffer {
  return bytes({ ts, boot, seq, serial: 'S1', model: 'M1', firmware: '1.0', site: 'berlin-1', ...more });
}
