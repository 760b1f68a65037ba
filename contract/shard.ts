/**
 * Shard of a terminal, 0 … shards−1: FNV-1a over `tenant/terminal`, so that one terminal's messages keep one order
 * whichever process receives them (http://www.isthe.com/chongo/tech/comp/fnv/).
 */
export function shardOf(tenant: string, terminal: string, shards: number): number {
  if (shards === 1) return 0;
  let h = 0x811c9dc5;
  for (let i = 0; i < tenant.length; i++) h = Math.imul(h ^ tenant.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ 47, 0x01000193);
  for (let i = 0; i < terminal.length; i++) h = Math.imul(h ^ terminal.charCodeAt(i), 0x01000193);
  return (h >>> 0) % shards;
}
