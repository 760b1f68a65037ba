import mqtt from 'mqtt';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, DESK, PHONE, startBrowser, violations } from '../support/browser.ts';
import { describeServer } from '../support/servers.ts';
import { type Stand, startStand } from '../support/stand.ts';

const PAGES: readonly [name: string, path: string, heading: RegExp][] = [
  ['fleet', '', /^(Fleet|总览)$/],
  ['terminals', '/terminals', /^(Terminals|终端)$/],
  ['a terminal', '/terminals/till-03', /^till-03$/],
  ['tickets', '/tickets', /^(Tickets|工单)$/],
  ['a ticket', '/tickets/TW-1', /./],
  ['sites', '/sites', /^(Sites|门店)$/],
  ['a site', '/sites/shop-0', /shop-0/],
  ['incidents', '/incidents', /^(Incidents|事件与决定)$/],
  ['the schedule', '/schedule', /^(Schedule|排程)$/],
  ['stock', '/stock', /^(Stock|库存)$/],
  ['dead letters', '/dead-letters', /^(Dead letters|死信)$/],
  ['settings', '/settings', /^(Settings|设置)$/],
];

describeServer('chromium', 'the console', () => {
  let stand: Stand;
  let browser: Browser;
  beforeAll(async () => {
    stand = await startStand({ fleet: true });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await stand.stop();
  });
  afterEach(() => browser.closePages());
  const acme = (path: string) => `${stand.url}/t/acme${path}`;
  const heading = (page: Page) => page.locator('h1').first();

  describe.each([
    ['at a desk', DESK],
    ['at a desk, dark and Chinese', { ...DESK, theme: 'dark', language: 'zh' } as const],
    ['on a phone, dark and Chinese', PHONE],
    ['on a phone', { ...PHONE, theme: 'light', language: 'en' } as const],
  ])('%s', (_, look) => {
    it.each(PAGES)('shows %s, whole, without an error, for everybody', async (_name, path, title) => {
      const page = await browser.open(acme(path), look);
      await heading(page).waitFor();
      await page.waitForLoadState('load');
      await page.locator('[role="status"] svg, .mantine-Loader-root').first().waitFor({ state: 'detached' });
      expect(await heading(page).textContent()).toMatch(title);
      expect(await page.locator('html').getAttribute('lang')).toBe(look.language === 'zh' ? 'zh-CN' : 'en');
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      expect(browser.complaints.splice(0)).toEqual([]);
    });
  });

  it('opens on the fleet, worst first, and leads from there to the evidence', async () => {
    const page = await browser.open(stand.url);
    const worst = page.getByRole('region', { name: 'Worst first' }).getByRole('link');
    await worst.first().waitFor();
    expect(await worst.first().textContent()).toContain('till-03');
    await worst.first().click();
    await page.locator('h1', { hasText: 'till-03' }).waitFor();
    await page.getByText('The print head’s resistance rose by 10 % in two days.').first().waitFor();
    await page.getByRole('img', { name: /Mean resistance of the heating elements.*highest/ }).waitFor();
  });

  it('shows a value that any client publishes within two seconds, without a reload', async () => {
    const page = await browser.open(acme('/terminals/till-02'));
    await page.getByText('Open tickets').first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const client = await mqtt.connectAsync(stand.mqtt);
    const sentAt = performance.now();
    await client.publishAsync(
      'pos/v1/acme/till-02/heartbeat',
      JSON.stringify({ ts: Date.now(), boot: 'b9', seq: 0, battery: { soc_pct: 17 } }),
      { qos: 1 },
    );
    await page.getByText('17 %').first().waitFor({ timeout: 2000 });
    expect(performance.now() - sentAt).toBeLessThan(2000);
    await client.endAsync();
  });

  it('lets a terminal appear in the list by itself when it first speaks', async () => {
    const page = await browser.open(acme('/terminals?search=newcomer'));
    await page.getByText('Nothing matches these filters.').waitFor();
    const client = await mqtt.connectAsync(stand.mqtt);
    await client.publishAsync(
      'pos/v1/acme/newcomer/heartbeat',
      JSON.stringify({ ts: Date.now(), boot: 'b1', seq: 0, battery: { soc_pct: 64 } }),
      { qos: 1 },
    );
    await page.getByRole('link', { name: /newcomer/ }).waitFor({ timeout: 2500 });
    await client.endAsync();
  });

  it('keeps filters in the address, so that a link to them shows the same', async () => {
    const page = await browser.open(acme('/terminals'));
    await page.getByRole('link', { name: /till-00/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Search', exact: true }).fill('shop-1');
    await page.getByText(/^4 found/).waitFor();
    const again = await browser.open(page.url());
    await again.getByText(/^4 found/).waitFor();
  });

  it('moves a ticket on by its one obvious button, and tells it in the story', async () => {
    const page = await browser.open(acme('/tickets'));
    await page.getByRole('link', { name: /till-03/ }).click();
    await page.getByRole('button', { name: 'Begin remote diagnosis' }).click();
    await page.getByRole('button', { name: 'Begin remote diagnosis' }).last().click();
    await page.getByRole('button', { name: 'Record the diagnosis' }).waitFor();
    await page.getByRole('region', { name: 'Story' }).getByText('→ Diagnosis').waitFor();
  });

  it('is driven by keyboard: / searches, Enter lists, the first stop leads to the content', async () => {
    const page = await browser.open(acme(''));
    await heading(page).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('/');
    await page.keyboard.type('till-07');
    await page.keyboard.press('Enter');
    await page.getByText(/^1 found/).waitFor();
  });

  it('changes tenants, and shows none of the other', async () => {
    const page = await browser.open(acme(''));
    await page.getByRole('combobox', { name: 'Tenant' }).selectOption('other');
    await page.getByText('1 terminals at').waitFor();
    expect(await page.locator('body').textContent()).not.toContain('till-');
  });
});

describeServer('chromium', 'the console of an empty platform', () => {
  it('says how to connect a terminal, and shows it as soon as it speaks', async () => {
    const stand = await startStand({ fleet: false });
    const browser = await startBrowser();
    const page = await browser.open(stand.url);
    await page.getByRole('heading', { name: 'No terminal has spoken yet' }).waitFor();
    const port = new URL(stand.mqtt).port;
    await page.getByText(new RegExp(`mosquitto_pub -h 127.0.0.1 -p ${port} .*birth`)).waitFor();
    expect(await violations(page)).toEqual([]);
    const client = await mqtt.connectAsync(stand.mqtt);
    await client.publishAsync(
      'pos/v1/demo/my-terminal/heartbeat',
      JSON.stringify({ ts: Date.now(), boot: 'b1', seq: 0 }),
      { qos: 1 },
    );
    await page.getByRole('heading', { name: 'Fleet' }).waitFor();
    await client.endAsync();
    await browser.close();
    await stand.stop();
  });
});
