import { isLoopbackAddress, isLoopbackName } from '../../../contract/loopback.ts';

/** What is known of a request before anybody looks at who sent it. */
export interface Arrival {
  readonly method: string;
  /** The Host header, with its port. */
  readonly host: string;
  readonly remoteAddress: string;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  /** A header that says it came through a proxy. */
  readonly forwarded: boolean;
}

export interface GateRule {
  /** `auto` only where nothing but loopback is listened on. */
  readonly signIn: 'auto' | 'required';
  /** Host names, besides the loopback ones, by which this platform may be asked; undefined: any (it listens beyond loopback). */
  readonly names: readonly string[] | undefined;
}

export type Passage =
  /** `local`: whoever sits at this machine, who needs no sign-in. */
  | { readonly ok: true; readonly local: boolean }
  | { readonly ok: false; readonly code: 'api.bad_host' | 'api.bad_origin'; readonly why: string };

export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * Decides what a browser may be made to do. A name that an attacker's DNS rebinds to loopback is refused by its Host; a page of another
 * site that sends a form here is refused by its Origin (or, in browsers that leave that out, by Sec-Fetch-Site).
 */
export function passage(arrival: Arrival, rule: GateRule): Passage {
  const { method, host, origin, fetchSite } = arrival;
  const name = nameOf(host);
  const loopbackName = isLoopbackName(name);
  if (!loopbackName && rule.names !== undefined && !rule.names.includes(name)) {
    return {
      ok: false,
      code: 'api.bad_host',
      why: `the host "${name}" is not served: open the console by localhost or 127.0.0.1, or name it in TILLWATCH_CONSOLE_URL`,
    };
  }
  if (!isReading(method)) {
    const foreign =
      origin !== undefined
        ? hostOfOrigin(origin) !== host.toLowerCase()
        : fetchSite === 'cross-site' || fetchSite === 'same-site';
    if (foreign) {
      return {
        ok: false,
        code: 'api.bad_origin',
        why: `a page of ${origin ?? 'another site'} may not change anything here`,
      };
    }
  }
  const local =
    rule.signIn === 'auto' && loopbackName && !arrival.forwarded && isLoopbackAddress(arrival.remoteAddress);
  return { ok: true, local };
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
