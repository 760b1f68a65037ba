/** Gives words small numbers, so that a column of a hundred thousand sites is an array of integers. Code 0 means none. */
export class Dictionary {
  readonly #codes = new Map<string, number>();
  readonly #words: (string | null)[] = [null];
  #ranks: Uint32Array | undefined;

  /** Number of codes, the empty one included. */
  get size(): number {
    return this.#words.length;
  }

  /** Code of a word, given on first sight; 0 for null. */
  code(word: string | null | undefined): number {
    if (word === null || word === undefined) return 0;
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    const code = this.#words.length;
    this.#words.push(word);
    this.#codes.set(word, code);
    this.#ranks = undefined;
    return code;
  }

  /** Code of a word already seen; undefined for one that is not. */
  find(word: string): number | undefined {
    return this.#codes.get(word);
  }

  word(code: number): string | null {
    return this.#words[code] ?? null;
  }

  /** Place of each code in alphabetical order; none comes last. */
  ranks(): Uint32Array {
    if (this.#ranks?.length === this.#words.length) return this.#ranks;
    const codes = this.#words.map((_, code) => code);
    codes.sort((a, b) => compareWords(this.#words[a] ?? null, this.#words[b] ?? null));
    const ranks = new Uint32Array(codes.length);
    for (let i = 0; i < codes.length; i++) ranks[codes[i]!] = i;
    this.#ranks = ranks;
    return ranks;
  }

  /** One byte a code: 1 where the word passes. */
  mask(passes: (word: string) => boolean): Uint8Array {
    const mask = new Uint8Array(this.#words.length);
    for (let code = 1; code < mask.length; code++) mask[code] = passes(this.#words[code]!) ? 1 : 0;
    return mask;
  }
}

function compareWords(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
