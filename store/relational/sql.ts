import { type Expression, type ReferenceExpression, type SqlBool, sql } from 'kysely';
import { TillwatchError } from '../../contract/errors.ts';

/** JSON columns are text in both engines, so that one query and one test serve both. */
export const json = {
  write(value: unknown): string {
    return JSON.stringify(value);
  },
  read<T>(text: string): T {
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new TillwatchError('relational.bad_json', 'a JSON column does not hold JSON', { cause });
    }
  },
  writeOrNull(value: unknown): string | null {
    return value === null || value === undefined ? null : JSON.stringify(value);
  },
  readOrNull<T>(text: string | null): T | null {
    return text === null ? null : json.read<T>(text);
  },
};

/** Truth values are 0/1 in both engines. */
export const flag = {
  write: (value: boolean): 0 | 1 => (value ? 1 : 0),
  read: (value: number): boolean => value !== 0,
};

/** For `onConflict(oc => oc.columns(keys).doUpdateSet(excluded(['a', 'b'])))`: the new row's values win. */
export function excluded<C extends string>(columns: readonly C[]): Record<C, Expression<never>> {
  const values = {} as Record<C, Expression<never>>;
  for (const column of columns) values[column] = sql.ref<never>(`excluded.${column}`);
  return values;
}

/** Case-insensitive "contains" that takes what was typed literally (no wildcards); alike in both engines for ASCII. */
export function contains<DB, TB extends keyof DB>(column: ReferenceExpression<DB, TB> & string, text: string) {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
}

// SQLite takes 32,766 parameters a statement, PostgreSQL 65,535; much larger statements gain nothing in either.
const PARAMETERS = 8_000;

/** Cuts rows into pieces that fit one multi-row insert of `columns` columns each. */
export function* inPieces<T>(rows: readonly T[], columns: number): Generator<readonly T[]> {
  const size = Math.max(1, Math.floor(PARAMETERS / columns));
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size);
}
