import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { binaryOf } from './servers.ts';

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'zh';
}
export const DESK: Look = { width: 1366, height: 850, theme: 'light', language: 'en' };
export const PHONE: Look = { width: 390, height: 800, theme: 'dark', language: 'zh' };

export interface Browser {
  /** A page of the console that looks as asked; what it complains of in its console is kept in `complaints`. */
  open(url: string, look?: Look, headers?: Readonly<Record<string, string>>): Promise<Page>;
  readonly complaints: string[];
  /** Closes all pages: each holds a connection, of which a browser has six for a server. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** Debian's Chromium with an empty profile that asks nothing of the network. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'tillwatch-browser-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: binaryOf('chromium'),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  context.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  return {
    complaints,
    async open(url, look = DESK, headers = {}) {
      const page = await context.newPage();
      await page.setExtraHTTPHeaders(headers);
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
      });
      await page.setViewportSize({ width: look.width, height: look.height });
      await page.addInitScript(({ theme, language }) => {
        localStorage.setItem('mantine-color-scheme-value', theme);
        localStorage.setItem('tillwatch-language', language);
      }, look);
      await page.goto(url);
      return page;
    },
    async closePages() {
      await Promise.all(
        context
          .pages()
          .slice(1)
          .map((page) => page.close()),
      );
      await context.clearCookies();
      complaints.length = 0;
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

interface Found {
  readonly id: string;
  readonly where: readonly string[];
  readonly count: number;
}

/** What axe finds against WCAG 2.2 A and AA: rule, and where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<Found[]>(`axe
    .run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
    .then((result) => result.violations.map(({ id, nodes }) => ({
      id,
      where: nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')),
      count: nodes.length,
    })))`);
  return found.map(({ id, where, count }) => `${id} ×${count}: ${where.join(' | ')}`);
}
