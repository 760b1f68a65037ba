import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PERSONAL_FIELDS } from '../../contract/personal-data.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const threats = [...page.matchAll(/^\| ([^|]+) \| ([^|]+) \| `(tests\/[^`]+)` › (.+?) \|$/gm)].map(
  ([, threat = '', , file = '', name = '']) => ({ threat, file, name }),
);

describe('the threats of docs/security.md', () => {
  it('are many, and none stands there twice', () => {
    expect(threats.length).toBeGreaterThan(35);
    expect(
      page
        .split('## Threats')[1]
        ?.split('## What is not done')[0]
        ?.match(/^\| (?!threat|---)/gm),
    ).toHaveLength(threats.length);
  });

  it.each(threats)('$threat: $name', ({ file, name }) => {
    expect(existsSync(join(root, file))).toBe(true);
    const text = readFileSync(join(root, file), 'utf8');
    const titles = [...text.matchAll(/\bit(?:\.(?:each|skipIf)\([^\n]*?\))?\(\s*(['"`])([\s\S]*?)\1,/g)].map(
      ([, , title]) => title,
    );
    if (name === '*') expect(titles.length).toBeGreaterThan(0);
    else expect(titles).toContain(name);
  });
});

it('the page shows every field with data about people, as the command does', () => {
  for (const { table, fields, whose, kept } of PERSONAL_FIELDS)
    expect(page).toContain(`| ${table} | ${fields} | ${whose} | ${kept} |`);
});
