import mqtt from 'mqtt';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, DESK, type Look, PHONE, startBrowser, violations } from '../support/browser.ts';
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
  ['rollouts', '/rollouts', /^(Rollouts|固件发布)$/],
  ['stock', '/stock', /^(Stock|库存)$/],
  ['reports', '/reports', /^(Reports|报表)$/],
  ['model quality', '/quality', /^(Model quality|模型质量)$/],
  ['dead letters', '/dead-letters', /^(Dead letters|死信)$/],
  ['settings: providers', '/settings', /^(Settings|设置)$/],
  ['settings: places', '/settings?tab=places', /^(Settings|设置)$/],
  ['settings: notices', '/settings?tab=routes', /^(Settings|设置)$/],
  ['settings: windows', '/settings?tab=holds', /^(Settings|设置)$/],
  ['settings: plans', '/settings?tab=plans', /^(Settings|设置)$/],
  ['settings: thresholds', '/settings?tab=thresholds', /^(Settings|设置)$/],
  ['settings: tokens', '/settings?tab=tokens', /^(Settings|设置)$/],
];
// Width, theme and language, so that each two of them meet; a page is looked at in two looks that differ in all three.
const LOOKS: readonly (readonly [Look, Look])[] = [
  [DESK, PHONE],
  [
    { ...DESK, theme: 'dark', language: 'zh' },
    { ...PHONE, theme: 'light', language: 'en' },
  ],
  [
    { ...DESK, language: 'zh' },
    { ...PHONE, language: 'en' },
  ],
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

  const shows = async (url: string, look: Look, title: RegExp) => {
    const page = await browser.open(url, look);
    await heading(page).waitFor();
    await page.waitForLoadState('load');
    await page.locator('[role="status"] svg, .mantine-Loader-root').first().waitFor({ state: 'detached' });
    expect(await heading(page).textContent()).toMatch(title);
    expect(await page.locator('html').getAttribute('lang')).toBe(look.language === 'zh' ? 'zh-CN' : 'en');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    expect(browser.complaints.splice(0)).toEqual([]);
    return page;
  };

  it.each(PAGES.map((page, i) => [...page, LOOKS[i % LOOKS.length]!] as const))(
    'shows %s at a desk and on a phone, whole, without an error, for everybody',
    async (_name, path, title, looks) => {
      for (const look of looks) await shows(acme(path), look, title);
    },
  );

  it('lets a merchant report a fault by the terminal’s code, and shows the first-aid steps that fit', async () => {
    const given = await fetch(`${stand.url}/api/v1/tenants/acme/terminals/till-06/merchant-code`, { method: 'POST' });
    const { code } = (await given.json()) as { code: string };
    const page = await shows(`${stand.url}/m/${code}`, { ...PHONE, theme: 'light', language: 'en' }, /./);
    await page.getByRole('button', { name: 'Report a fault' }).click();
    await page.getByText('Prints faintly').click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send the report' }).click();
    const ticket = page.getByRole('article', { name: /Prints faintly/ });
    await ticket.getByRole('button', { name: 'Try something yourself first' }).click();
    await ticket.getByText('wipe it with a cotton bud', { exact: false }).waitFor();
    await ticket.getByRole('button', { name: 'No change' }).first().click();
    await ticket.getByText('no change').first().waitFor();
    expect(await violations(page)).toEqual([]);
    const inside = await browser.open(acme('/tickets?search=faintly'));
    await inside.getByRole('link', { name: /till-06/ }).waitFor();
    const wrong = await browser.open(`${stand.url}/m/WRONG-CODE9`);
    await wrong.getByText('This code is not known').waitFor();
  });

  it('enters a provider, announces a window, and shows both', async () => {
    const page = await browser.open(acme('/settings'));
    await page.getByRole('button', { name: 'New provider' }).click();
    await page.getByRole('textbox', { name: 'Id', exact: true }).fill('quick-fix');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Quick Fix');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'Quick Fix', exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Mutes and maintenance windows' }).click();
    await page.getByRole('button', { name: 'Hold alerts back' }).click();
    await page.getByRole('textbox', { name: 'Site' }).fill('shop-1');
    await page.getByRole('textbox', { name: 'Why' }).fill('New cabling');
    await page.getByRole('button', { name: 'Hold back' }).click();
    await page.getByRole('cell', { name: 'Site: shop-1' }).waitFor();
  });

  it('raises the threshold of tickets and enters a contract with service hours', async () => {
    const page = await browser.open(acme('/settings?tab=thresholds'));
    await page.getByRole('button', { name: 'Change the thresholds' }).click();
    await page.getByLabel('A forecast opens a ticket from, %').fill('55');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('55 %').waitFor();
    await page.getByRole('button', { name: 'New contract' }).click();
    await page.getByRole('textbox', { name: 'Id', exact: true }).fill('gold');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Gold');
    await page.getByLabel('day and night').uncheck();
    await page.getByRole('textbox', { name: 'Time zone' }).fill('Europe/Lisbon');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'Mon–Fri 09:00–18:00 (Europe/Lisbon)' }).waitFor();
  });

  it('starts a rollout in stages, pauses it and lets it go on', async () => {
    const page = await browser.open(acme('/rollouts'));
    await page.getByRole('button', { name: 'Start a rollout' }).click();
    await page.getByRole('textbox', { name: 'Name of the rollout' }).fill('r-9');
    await page.getByRole('textbox', { name: 'Version' }).fill('9.9.9');
    await page.getByRole('textbox', { name: 'Where the image is' }).fill('https://files.example/9.9.9');
    await page.getByRole('textbox', { name: 'SHA-256' }).fill('a'.repeat(64));
    await page.getByRole('textbox', { name: 'If it goes wrong' }).fill('Go back to 4.2.0 by hand.');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start a rollout' }).last().click();
    const rollout = page.getByRole('article', { name: 'r-9' });
    await rollout.getByRole('button', { name: 'Pause' }).click();
    await rollout.getByText('paused by', { exact: false }).waitFor();
    await rollout.getByRole('button', { name: 'Resume' }).click();
    await rollout.getByRole('button', { name: 'Pause' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('moves a visit to another day by dragging it, and by keyboard', async () => {
    const put = (path: string, body: object) =>
      fetch(`${stand.url}/api/v1/tenants/acme${path}`, {
        method: path === '/rounds' ? 'POST' : 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const always = Array.from({ length: 7 }, () => ({ opens: 480, closes: 1020 }));
    const crew = { skills: ['*'], capacity: 9, minutesPerDay: 300, hours: always, timezone: 'UTC', technicians: [] };
    await put('/providers/crew', { ...crew, name: 'Crew', regions: ['*'], people: [], contact: null, active: true });
    const everyDay = { name: 'Daily look', models: [], rrule: 'FREQ=DAILY', use: null, checklist: ['look'] };
    await put('/plans/daily', { ...everyDay, minutes: 10, active: true });
    const planned = (await (await put('/rounds', { days: 3 })).json()) as { rounds: { stops: object[] }[] };
    expect(planned.rounds[0]?.stops.length).toBeGreaterThan(0);
    const page = await browser.open(acme('/schedule'));
    const row = page.getByRole('row', { name: /Crew/ });
    const cells = row.getByRole('cell');
    await cells.first().getByRole('link').first().waitFor();
    const site = (await cells.first().getByRole('link').first().textContent()) ?? '';
    await cells.first().locator('.visit').first().dragTo(cells.nth(4));
    await cells.nth(4).getByRole('link', { name: site }).waitFor();
    expect(await violations(page)).toEqual([]);
    await cells
      .nth(4)
      .getByRole('button', { name: /^Move the visit/ })
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('[role="menuitem"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await cells.nth(4).getByRole('link', { name: site }).waitFor({ state: 'detached' });
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

  // How soon is measured by `npm run bench -- console`: a busy machine shows it late.
  it('shows a value that any client publishes, without a reload', async () => {
    const page = await browser.open(acme('/terminals/till-02'));
    await page.getByText('Open tickets').first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const client = await mqtt.connectAsync(stand.mqtt);
    await client.publishAsync(
      'pos/v1/acme/till-02/heartbeat',
      JSON.stringify({ ts: Date.now(), boot: 'b9', seq: 0, battery: { soc_pct: 17 } }),
      { qos: 1 },
    );
    await page.getByText('17 %').first().waitFor();
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
    await page.getByRole('link', { name: /newcomer/ }).waitFor();
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

  it('draws the sites where they lie, and leads from the map to the site', async () => {
    const put = (site: string, lat: number, lon: number) =>
      fetch(`${stand.url}/api/v1/tenants/acme/sites/${site}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Shop ${site}`, timezone: 'Europe/Lisbon', region: site, lat, lon }),
      });
    await put('shop-0', 38.7, -9.1);
    await put('shop-2', 53.5, 10);
    const page = await browser.open(acme(''));
    const map = page.getByRole('region', { name: 'Map' });
    await map.getByText('2 of 3 sites').waitFor();
    await map.getByRole('link', { name: /Shop shop-0: 4 terminals/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Shop shop-0' }).waitFor();
  });

  it('lets one disagree with a finding, and takes it down', async () => {
    const page = await browser.open(acme('/terminals/till-08'));
    const finding = page.getByRole('article', { name: /signal getting weaker/ });
    await finding.getByRole('button', { name: 'This is wrong' }).click();
    await page.getByRole('textbox', { name: 'Why' }).fill('The antenna was moved on purpose.');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'This is wrong' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const trail = await stand.get<{ items: object[] }>('/api/v1/audit?action=markFindingWrong');
    expect(trail.items).toMatchObject([{ outcome: '200' }]);
  });

  it('keeps a photo with its ticket', async () => {
    const page = await browser.open(acme('/tickets/TW-1'));
    const files = page.getByRole('region', { name: 'Photos and files' });
    const choosing = page.waitForEvent('filechooser');
    await files.getByRole('button', { name: 'Add a photo or file' }).click();
    const chooser = await choosing;
    await chooser.setFiles({ name: 'till.log', mimeType: 'text/plain', buffer: Buffer.from('the printer smoked') });
    const link = files.getByRole('link', { name: 'till.log' });
    await link.waitFor();
    const kept = await fetch(new URL((await link.getAttribute('href')) ?? '', stand.url));
    expect(await kept.text()).toBe('the printer smoked');
  });

  it('moves a ticket on by its one obvious button, and tells it in the story', async () => {
    const page = await browser.open(acme('/tickets'));
    await page.getByRole('link', { name: /till-03/ }).click();
    await page.getByRole('button', { name: 'Begin remote diagnosis' }).click();
    await page.getByRole('button', { name: 'Begin remote diagnosis' }).last().click();
    await page.getByRole('button', { name: 'Record the diagnosis' }).waitFor();
    await page.getByRole('region', { name: 'Story' }).getByText('→ Diagnosis').waitFor();
    await page.getByRole('link', { name: 'Repair record PDF' }).waitFor();
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

// What comes through a proxy is nobody at this machine: it has to sign in.
const FROM_AFAR = { 'x-forwarded-for': '203.0.113.7' };
const PASSWORD = 'three blue herons';
const WRITES = /^(Start a rollout|New provider|Plan the next|Report a fault|Put through again|Change)/;

describeServer('chromium', 'the console of people with accounts', () => {
  let stand: Stand;
  let browser: Browser;
  beforeAll(async () => {
    stand = await startStand({ fleet: true });
    browser = await startBrowser();
    for (const [username, role] of [
      ['olga', 'operations'],
      ['ana', 'auditor'],
      ['adam', 'administrator'],
      ['pia', 'provider'],
    ] as const) {
      const answer = await fetch(`${stand.url}/api/v1/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          username,
          role,
          password: PASSWORD,
          tenants: ['acme'],
          ...(role === 'provider' ? { provider: 'quick-fix', sites: ['shop-0'] } : {}),
        }),
      });
      expect(answer.status, await answer.text()).toBe(201);
    }
  });
  afterAll(async () => {
    await browser.close();
    await stand.stop();
  });
  afterEach(() => browser.closePages());

  const EVERYTHING = [
    'Fleet',
    'Terminals',
    'Tickets',
    'Sites',
    'Incidents',
    'Schedule',
    'Rollouts',
    'Stock',
    'Reports',
    'Model quality',
    'Dead letters',
    'Settings',
  ];
  it.each([
    ['olga', DESK, EVERYTHING, true],
    ['ana', { ...DESK, theme: 'dark' }, EVERYTHING, false],
    ['pia', DESK, ['Terminals', 'Tickets', 'Sites', 'Schedule', 'Stock'], false],
    ['adam', { ...DESK, theme: 'dark' }, EVERYTHING, true],
  ] as const)(
    'lets %s in to the page asked for, and shows what the role may see and do',
    async (name, look, pages, writes) => {
      const page = await browser.open(`${stand.url}/t/acme/tickets?open=any`, look, FROM_AFAR);
      await page.getByRole('heading', { name: 'Sign in to Tillwatch' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByLabel('User name').fill(name);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { level: 1, name: 'Tickets' }).waitFor();
      expect(page.url()).toContain('/t/acme/tickets?open=any');
      browser.complaints.length = 0;
      const menu = page.getByRole('navigation');
      const links = await menu.getByRole('link').allTextContents();
      expect(links.slice(0, -1)).toEqual(pages);
      let buttons = 0;
      for (const title of pages) {
        await menu.getByRole('link', { name: title, exact: true }).click();
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
        expect(await violations(page), title).toEqual([]);
        expect(browser.complaints, title).toEqual([]);
        buttons += await page.getByRole('button', { name: WRITES }).count();
      }
      expect(buttons > 0).toBe(writes);
      if (pages.includes('Terminals')) {
        await menu.getByRole('link', { name: 'Terminals', exact: true }).click();
        const rows = page.getByRole('link', { name: /till-/ });
        await rows.first().waitFor();
        expect(await rows.count()).toBe(name === 'pia' ? 4 : 12);
        await rows.first().click();
        await page.locator('h1', { hasText: 'till-' }).waitFor();
        await page.getByRole('heading', { name: 'Measurements' }).waitFor();
        expect(await page.getByRole('button', { name: 'Report a fault' }).count()).toBe(writes ? 1 : 0);
        expect(browser.complaints).toEqual([]);
      }
      await page.getByRole('button', { name: `Signed in as ${name}` }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in to Tillwatch' }).waitFor();
    },
  );

  it('makes an API token, shows its text once, and revokes it', async () => {
    const page = await browser.open(`${stand.url}/t/acme/settings?tab=tokens`, DESK, FROM_AFAR);
    await page.getByLabel('User name').fill('olga');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('nightly export');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make the token' }).click();
    const secret = (await page.getByRole('dialog').locator('pre').textContent()) ?? '';
    const asked = () =>
      fetch(`${stand.url}/api/v1/tenants/acme/sites`, { headers: { ...FROM_AFAR, authorization: `Bearer ${secret}` } });
    expect((await asked()).status).toBe(200);
    await page.getByRole('button', { name: 'Done' }).last().click();
    expect(await page.locator('body').textContent()).not.toContain(secret);
    await page.getByRole('cell', { name: 'nightly export', exact: true }).waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Revoke: nightly export' }).click();
    await page.getByText('There is no token.').waitFor();
    expect((await asked()).status).toBe(401);
  });

  it('says that a password is wrong, and no more', async () => {
    const page = await browser.open(`${stand.url}/t/acme`, { ...PHONE, language: 'en' }, FROM_AFAR);
    await page.getByLabel('User name').fill('olga');
    await page.getByLabel('Password', { exact: true }).fill('not this one at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('User name or password is wrong.').waitFor();
    expect(await violations(page)).toEqual([]);
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
    // A page that waits for a first terminal asks now and then; a busy machine asks late.
    await page.getByRole('heading', { name: 'Fleet' }).waitFor({ timeout: 25_000 });
    await client.endAsync();
    await browser.close();
    await stand.stop();
  });
});
