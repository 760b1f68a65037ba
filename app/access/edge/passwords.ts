import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { TillwatchError } from '../../../contract/errors.ts';

export interface PasswordCost {
  /** log2 of scrypt's N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

export interface Passwords {
  hash(password: string): Promise<string>;
  /** False also for a hash that is none. A null hash takes as long as a real one, so that nobody learns which names exist. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

/** One of the settings of the OWASP password storage sheet: 32 MiB a hash, about 0.3 s on the machine of docs/benchmarks.md. */
const COST: PasswordCost = { ln: 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const derive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);

/**
 * scrypt in libuv's threads, a few at a time: a crowd of guesses must take neither the memory nor the event loop.
 * Error: `access.busy` (503) where the line is full.
 */
export function createPasswords(
  options: { readonly cost?: PasswordCost; readonly atOnce?: number; readonly line?: number } = {},
): Passwords {
  const { cost = COST, atOnce = 2, line = 64 } = options;
  const waiting: (() => void)[] = [];
  let running = 0;

  async function run(password: string, salt: Uint8Array, { ln, r, p }: PasswordCost, bytes: number): Promise<Buffer> {
    if (running >= atOnce) {
      if (waiting.length >= line) {
        throw new TillwatchError('access.busy', 'too many people sign in at once: try again in a moment', {
          status: 503,
          retryable: true,
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      const N = 2 ** ln;
      return await derive(password.normalize('NFKC'), salt, bytes, { N, r, p, maxmem: 256 * N * r });
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await run(password, salt, cost, KEY_BYTES);
      return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
    },
    async verify(password, hash) {
      const parts =
        hash === null ? null : /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(hash);
      if (!parts) {
        await run(password, randomBytes(16), cost, KEY_BYTES);
        return false;
      }
      const [, ln, r, p, salt = '', expected = ''] = parts;
      const want = Buffer.from(expected, 'base64url');
      const key = await run(
        password,
        Buffer.from(salt, 'base64url'),
        { ln: Number(ln), r: Number(r), p: Number(p) },
        want.length,
      );
      return timingSafeEqual(key, want);
    },
  };
}
