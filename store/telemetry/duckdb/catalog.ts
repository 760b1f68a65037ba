import { renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../../contract/errors.ts';
import { HOUR_MS } from './schema.ts';

export interface TerminalKey {
  readonly id: number;
  readonly tenant: string;
  readonly terminal: string;
}

/**
 * What the telemetry files share, in a small SQLite file beside them: numbers of terminals and words, journal positions, how far
 * rollups reach. All of it can be made again from the files and the journal, so a lost one costs time, not data.
 */
export class Catalog {
  readonly #db: DatabaseSync;
  /** `tenant/terminal` → number, from 0. */
  readonly terminals = new Map<string, number>();
  readonly words = new Map<string, number>();
  /** By number; undefined where a tenant was deleted. */
  readonly keys: (TerminalKey | undefined)[] = [];
  readonly texts: string[] = [''];
  readonly #positions = new Map<number, number>();
  /** Hours (ms / 3,600,000) below the watermark whose rollups must be made again, because rows came late. */
  readonly dirty = new Set<number>();
  #rolledUpTo: number | undefined;
  #rawSince: number;
  #soilBefore: number;
  /** Hours made dirty since their rolling up began. */
  readonly #touched = new Set<number>();
  /** Why the file was put aside, if it was. */
  readonly damage: string | undefined;
  readonly #put;

  constructor(path: string) {
    let db: DatabaseSync;
    try {
      db = open(path);
    } catch (error) {
      this.damage = messageOf(error);
      for (const suffix of ['', '-wal', '-shm']) {
        try {
          renameSync(path + suffix, `${path}${suffix}.damaged`);
        } catch (missing) {
          if ((missing as { code?: string }).code !== 'ENOENT') throw missing;
        }
      }
      db = open(path);
    }
    this.#db = db;
    this.#put = {
      terminal: db.prepare('INSERT OR REPLACE INTO terminal VALUES (?, ?, ?)'),
      word: db.prepare('INSERT OR REPLACE INTO word VALUES (?, ?)'),
      position: db.prepare('INSERT OR REPLACE INTO position VALUES (?, ?)'),
      filePosition: db.prepare('INSERT OR REPLACE INTO file_position VALUES (?, ?, ?)'),
      noFile: db.prepare('DELETE FROM file_position WHERE alias = ?'),
      fact: db.prepare('INSERT OR REPLACE INTO fact VALUES (?, ?)'),
      dirty: db.prepare('INSERT OR IGNORE INTO dirty VALUES (?)'),
      clean: db.prepare('DELETE FROM dirty WHERE hour = ?'),
    };
    for (const row of db.prepare('SELECT id, tenant, terminal FROM terminal').iterate()) {
      this.#learn(row as unknown as TerminalKey);
    }
    for (const row of db.prepare('SELECT id, text FROM word').iterate()) {
      const { id, text } = row as unknown as { id: number; text: string };
      this.texts[id] = text;
      this.words.set(text, id);
    }
    for (const row of db.prepare('SELECT shard, position FROM position').all()) {
      const { shard, position } = row as unknown as { shard: number; position: number };
      this.#positions.set(shard, position);
    }
    for (const row of db.prepare('SELECT hour FROM dirty').all()) this.dirty.add((row as { hour: number }).hour);
    const fact = (name: string): number | undefined =>
      (db.prepare('SELECT value FROM fact WHERE name = ?').get(name) as { value: number } | undefined)?.value;
    this.#rolledUpTo = fact('rolled_up_to');
    this.#rawSince = fact('raw_since') ?? 0;
    this.#soilBefore = this.#rolledUpTo ?? 0;
  }

  #learn(key: TerminalKey): void {
    if (key.tenant === '') {
      this.keys[key.id] = undefined;
      return;
    }
    this.keys[key.id] = key;
    this.terminals.set(`${key.tenant}/${key.terminal}`, key.id);
  }

  /** Runs `work` as one transaction; in it, calls below may be made. */
  batch<T>(work: () => T): T {
    if (this.#db.isTransaction) return work();
    this.#db.exec('BEGIN');
    try {
      const value = work();
      this.#db.exec('COMMIT');
      return value;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Number of `tenant/terminal`, given one when it is new. */
  terminal(name: string): number {
    const known = this.terminals.get(name);
    if (known !== undefined) return known;
    const slash = name.indexOf('/');
    const key = { id: this.keys.length, tenant: name.slice(0, slash), terminal: name.slice(slash + 1) };
    this.addTerminal(key);
    return key.id;
  }

  /** Number of a word, given one when it is new. */
  word(text: string): number {
    const known = this.words.get(text);
    if (known !== undefined) return known;
    const id = this.texts.length;
    this.addWord(id, text);
    return id;
  }

  addTerminal(key: TerminalKey): void {
    this.#put.terminal.run(key.id, key.tenant, key.terminal);
    this.#learn(key);
  }

  addWord(id: number, text: string): void {
    this.#put.word.run(id, text);
    this.texts[id] = text;
    this.words.set(text, id);
  }

  position(shard: number): number {
    return this.#positions.get(shard) ?? 0;
  }
  setPosition(shard: number, position: number): void {
    this.#put.position.run(shard, position);
    this.#positions.set(shard, position);
  }
  /** Has every shard read from the journal's beginning again; files that hold their rows pass over them. */
  forgetPositions(): void {
    this.#db.exec('DELETE FROM position');
    this.#positions.clear();
  }

  /** What each file was last written up to, by alias and shard: one that stands lower when it is opened has lost rows. */
  filePositions(): Map<string, Map<number, number>> {
    const found = new Map<string, Map<number, number>>();
    for (const row of this.#db.prepare('SELECT alias, shard, position FROM file_position').all()) {
      const { alias, shard, position } = row as unknown as { alias: string; shard: number; position: number };
      const positions = found.get(alias) ?? new Map<number, number>();
      found.set(alias, positions);
      positions.set(shard, position);
    }
    return found;
  }
  setFilePosition(alias: string, shard: number, position: number): void {
    this.#put.filePosition.run(alias, shard, position);
  }
  forgetFile(alias: string): void {
    this.#put.noFile.run(alias);
  }

  /** A file is dropped by age: rows of its period that the journal hands over again were stored, and are not to come back. */
  dropFile(alias: string): void {
    this.batch(() => {
      this.#db
        .prepare(
          'INSERT OR REPLACE INTO dropped_position SELECT alias, shard, position FROM file_position WHERE alias = ?',
        )
        .run(alias);
      this.forgetFile(alias);
    });
  }
  droppedPositions(alias: string): Map<number, number> {
    const found = this.#db.prepare('SELECT shard, position FROM dropped_position WHERE alias = ?').all(alias);
    return new Map(
      (found as unknown as { shard: number; position: number }[]).map(({ shard, position }) => [shard, position]),
    );
  }

  /** Hours before this time (ms) have rollups, but for the dirty ones. */
  get rolledUpTo(): number | undefined {
    return this.#rolledUpTo;
  }
  set rolledUpTo(value: number | undefined) {
    this.#put.fact.run('rolled_up_to', value ?? null);
    this.#rolledUpTo = value;
  }

  /** Before this time (ms) raw rows were dropped by age. */
  get rawSince(): number {
    return this.#rawSince;
  }
  set rawSince(value: number) {
    this.#put.fact.run('raw_since', value);
    this.#rawSince = value;
  }

  /** A row of this time (ms) is about to be stored: where its hour is rolled up already, or just being, it must be again. */
  stored(time: number): void {
    if (time < this.#soilBefore) this.soil(Math.floor(time / HOUR_MS));
  }

  /** An hour's rollups must be made again. */
  soil(hour: number): void {
    this.#touched.add(hour);
    if (this.dirty.has(hour)) return;
    this.#put.dirty.run(hour);
    this.dirty.add(hour);
  }

  /** Rows of before this time (ms) make their hours dirty from now on, rolled up or not. */
  set soilBefore(time: number) {
    this.#soilBefore = Math.max(this.#soilBefore, time);
  }

  /** Rows of [from, to) that come from now on want another rolling up. */
  beginRolling(from: number, to: number): void {
    for (let time = from; time < to; time += HOUR_MS) this.#touched.delete(time / HOUR_MS);
  }

  isDirty(from: number, to: number): boolean {
    for (let time = from; time < to; time += HOUR_MS) if (this.dirty.has(time / HOUR_MS)) return true;
    return false;
  }

  /** The span's rollups are stored; hours that were touched meanwhile stay dirty. */
  endRolling(from: number, to: number): void {
    for (let time = from; time < to; time += HOUR_MS) {
      const hour = time / HOUR_MS;
      if (!this.#touched.has(hour) && this.dirty.delete(hour)) this.#put.clean.run(hour);
    }
    this.rolledUpTo = Math.max(this.#rolledUpTo ?? 0, to);
  }

  /** Numbers of a tenant's terminals above `after`, rising. */
  tenantIds(tenant: string, after = -1): number[] {
    const ids: number[] = [];
    for (let id = after + 1; id < this.keys.length; id++) if (this.keys[id]?.tenant === tenant) ids.push(id);
    return ids;
  }

  forgetTenant(tenant: string): void {
    for (const id of this.tenantIds(tenant)) {
      this.terminals.delete(`${tenant}/${this.keys[id]!.terminal}`);
      // The number is never given again: rows of a file put back later must not become another terminal's.
      this.keys[id] = undefined;
    }
    this.#db.prepare("UPDATE terminal SET tenant = '', terminal = '' WHERE tenant = ?").run(tenant);
  }

  /** Writes a copy as of now. */
  copyTo(path: string): void {
    this.#db.prepare('VACUUM INTO ?').run(path);
  }

  close(): void {
    this.#db.close();
  }
}

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS terminal (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, terminal TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS position (shard INTEGER PRIMARY KEY, position INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS file_position (alias TEXT NOT NULL, shard INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (alias, shard));
    CREATE TABLE IF NOT EXISTS dropped_position (alias TEXT NOT NULL, shard INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (alias, shard));
    CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER);
    CREATE TABLE IF NOT EXISTS dirty (hour INTEGER PRIMARY KEY);`);
  return db;
}
