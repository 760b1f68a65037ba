import { pbkdf2, randomInt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** Mosquitto's own count. Secrets are 144 random bits and need no stretching; the format is for brokers that share the hash. */
const ITERATIONS = 101;
const KEY_BYTES = 64;
const SALT_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Hashes a device's password as Mosquitto 2 does: `$7$iterations$salt$key`, PBKDF2 with SHA-512. The salt is 12 printable letters. */
export async function hashDevicePassword(password: string): Promise<string> {
  const salt = Buffer.from(Array.from({ length: 12 }, () => SALT_LETTERS[randomInt(SALT_LETTERS.length)]).join(''));
  const key = await derive(password, salt, ITERATIONS, KEY_BYTES, 'sha512');
  return `$7$${ITERATIONS}$${salt.toString('base64')}$${key.toString('base64')}`;
}

/** True where the password is the one of the hash; false also where the hash is none. */
export async function isDevicePassword(password: Uint8Array, hash: string): Promise<boolean> {
  const [, kind, iterations, salt, key] = hash.split('$');
  if (kind !== '7' || !salt || !key || !/^\d{1,6}$/.test(iterations ?? '')) return false;
  const want = Buffer.from(key, 'base64');
  const have = await derive(password, Buffer.from(salt, 'base64'), Number(iterations), want.length, 'sha512');
  return timingSafeEqual(have, want);
}
