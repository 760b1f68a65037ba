import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { backoffMs, MAX_ATTEMPTS } from '../../alerts/core/backoff.ts';
import { chatFault, chatMessage } from '../../alerts/core/chat-messages.ts';
import { decideNotice, type NoticeRoute, quietUntil } from '../../alerts/core/notice-routes.ts';
import { TEMPLATES } from '../../alerts/core/templates.ts';
import { createAlertmanagerNotifier } from '../../alerts/edge/notifiers/alertmanager-notifier.ts';
import { createChatNotifier } from '../../alerts/edge/notifiers/chat-notifier.ts';
import { MailRoom } from '../../alerts/edge/notifiers/email-notifier.ts';
import type { Notice } from '../../contract/ports/notifier.ts';
import type { OutboxEntry } from '../../contract/ports/outbox.ts';
import { openRelational } from '../../store/relational/open.ts';
import {
  type AlertsRoom,
  DAY,
  facts,
  finding,
  HOUR,
  JumpClock,
  START,
  startAlertsRoom,
  TENANT,
} from '../support/alerts-room.ts';
import { describeServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { Walk } from './ticket-world.ts';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four+ bytes').toString('base64')}`;
const clock = new JumpClock(Date.now());

interface Heard {
  readonly path: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A real HTTP server that remembers what it was told and answers as the test wants. */
async function listener(
  answer: (nth: number) => { status: number; body?: string } = () => ({ status: 200, body: '{}' }),
) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      heard.push({ path: request.url ?? '', headers: request.headers, body });
      const said = answer(heard.length);
      response.writeHead(said.status).end(said.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function shop(over: Parameters<typeof startAlertsRoom>[1] = {}): Promise<AlertsRoom> {
  const relational = await openRelational({ url: 'sqlite::memory:' });
  await relational.migrate();
  const room = await startAlertsRoom(relational, over);
  room.facts.set('T-1', facts());
  closers.push(async () => {
    await room.stop();
    await relational.close();
  });
  return room;
}

function route(over: Partial<Omit<NoticeRoute, 'id'>> = {}): Omit<NoticeRoute, 'id'> {
  return {
    audience: 'operator',
    templates: [],
    severities: [],
    sites: [],
    components: [],
    providers: [],
    channels: [],
    quiet: null,
    language: 'en',
    active: true,
    ...over,
  };
}

const NOTICE: Notice = {
  idempotencyKey: 'demo/TW-1/1/1',
  tenant: TENANT,
  at: clock.now(),
  kind: 'opened',
  title: 'New warning ticket',
  body: 'Ticket TW-1',
  url: 'http://127.0.0.1:8080/tickets/TW-1',
  data: {
    ticket: 'TW-1',
    severity: 'warning',
    terminal: 'T-1',
    scope: 'terminal',
    subject: 'T-1',
    component: 'printer',
    mode: 'head_wear',
  },
};

describe('notices by routes', () => {
  it('a webhook is signed, carries its idempotency key, and is tried again with the same key until it is taken', async () => {
    const hook = await listener((nth) => ({ status: nth < 3 ? 503 : 204 }));
    const room = await shop();
    await room.call(
      'PUT',
      '/notice-routes/ops',
      route({ channels: [{ type: 'webhook', url: hook.url, secret: SECRET }] }),
    );
    await room.state(finding());
    for (let i = 0; i < 4; i++) await room.pass(10 * 60_000);
    expect(hook.heard.length).toBe(3);
    const ids = new Set(hook.heard.map((one) => one.headers['webhook-id']));
    expect(ids.size).toBe(1);
    const last = hook.heard.at(-1)!;
    // The room's clock stands in January: the signature is checked at that time.
    const webhook = new Webhook(SECRET);
    const timestamp = Number(last.headers['webhook-timestamp']);
    expect(webhook.sign(String(last.headers['webhook-id']), new Date(timestamp * 1000), last.body)).toBe(
      last.headers['webhook-signature'],
    );
    expect(JSON.parse(last.body)).toMatchObject({
      type: 'ticket.opened',
      data: { ticket: 'TW-1', severity: 'warning' },
    });
  });

  it('one that is refused for good is given up, shown in the log, and can be sent again', async () => {
    const hook = await listener((nth) => ({ status: nth === 1 ? 400 : 200 }));
    const room = await shop();
    await room.call(
      'PUT',
      '/notice-routes/ops',
      route({ channels: [{ type: 'webhook', url: hook.url, secret: SECRET }] }),
    );
    await room.state(finding());
    await room.pass();
    const log = await room.get<{ items: OutboxEntry[] }>('/notices?state=failed');
    expect(log.items).toMatchObject([{ lastError: 'webhook answered 400', attempts: 1 }]);
    expect((await room.call('POST', '/notices/replay', { key: log.items[0]!.key })).status).toBe(200);
    await room.pass();
    expect(hook.heard).toHaveLength(2);
    expect((await room.get<{ items: OutboxEntry[] }>('/notices?state=failed')).items).toEqual([]);
  });

  it('e-mail goes through a real SMTP server, in Chinese where the route wants it', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    const port = (server.server.address() as AddressInfo).port;
    const room = await shop({
      over: { mail: { url: `smtp://127.0.0.1:${port}`, from: 'Tillwatch <tillwatch@example.com>' } },
    });
    await room.call(
      'PUT',
      '/notice-routes/mail',
      route({ language: 'zh', channels: [{ type: 'email', to: ['ops@example.com'] }] }),
    );
    await room.state(finding());
    await room.pass();
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain('To: ops@example.com');
    expect(mails[0]).toContain('Message-ID: <demo.TW-1.1.1.mail.0@example.com>');
    const encoded = /Subject: ([\s\S]*?)\r\n(?! )/.exec(mails[0]!)![1]!;
    const subject = [...encoded.matchAll(/=\?UTF-8\?B\?(.*?)\?=/g)]
      .map((word) => Buffer.from(word[1]!, 'base64').toString())
      .join('');
    expect(
      subject ||
        decodeURIComponent(
          encoded.replaceAll(/=\?UTF-8\?Q\?(.*?)\?=\s*/g, (_, q: string) =>
            q.replaceAll('_', ' ').replaceAll('=', '%'),
          ),
        ),
    ).toContain('新工单');
  });

  it('without an SMTP server an e-mail route is refused, and says which setting to give', async () => {
    const room = await shop();
    const answer = await room.call<{ detail: string }>(
      'PUT',
      '/notice-routes/mail',
      route({ channels: [{ type: 'email', to: ['a@b.c'] }] }),
    );
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('TILLWATCH_SMTP_URL') } });
  });

  it('mail that cannot be delivered now is tried later', async () => {
    const mail = new MailRoom({ url: 'smtp://127.0.0.1:1', from: 'a@b.c' });
    await expect(mail.to(['x@y.z']).send(NOTICE)).rejects.toMatchObject({
      code: 'notifier.unavailable',
      retryable: true,
    });
    mail.close();
  });

  it('quiet hours hold a notice till morning, but not a critical one; muted ones wait for the end of the mute', async () => {
    const hook = await listener();
    const room = await shop();
    const quiet = { timezone: 'UTC', from: 7 * 60, to: 9 * 60, exceptCritical: true };
    await room.call(
      'PUT',
      '/notice-routes/ops',
      route({ quiet, channels: [{ type: 'webhook', url: hook.url, secret: SECRET }] }),
    );
    await room.state(finding());
    await room.pass();
    expect(hook.heard).toHaveLength(0);
    const told = await room.get<{ items: { told: boolean; at: number; why: string }[] }>('/tickets/TW-1/told');
    expect(told.items).toMatchObject([{ told: true, at: START + HOUR, why: 'quiet hours until 09:00 (UTC)' }]);
    await room.state(finding({ severity: 'critical', at: START + 60_000, state: 'update' }));
    await room.pass();
    expect(hook.heard.map((one) => JSON.parse(one.body).type)).toEqual(['ticket.raised']);
    await room.pass(HOUR);
    expect(hook.heard.map((one) => JSON.parse(one.body).type)).toEqual(['ticket.raised', 'ticket.opened']);
    await room.call('POST', '/holds', {
      kind: 'mute',
      match: { terminal: 'T-1' },
      to: room.clock.now() + DAY,
      reason: 'known, part ordered',
    });
    await room.call('POST', '/tickets/TW-1/events', { event: { type: 'reserve_loan', asset: 'SP-1' } });
    expect((await room.get<typeof told>('/tickets/TW-1/told')).items[0]!.why).toMatch(
      /^muted until .*known, part ordered/,
    );
  });

  it('says why nobody was told', () => {
    const { ticket } = new Walk();
    const ask = (over: Partial<NoticeRoute>) =>
      decideNotice({ id: 'r', ...route(over) }, { template: 'opened', audience: 'operator' }, ticket, undefined, START)
        .why;
    expect(ask({ active: false })).toBe('the route is switched off');
    expect(ask({ audience: 'merchant' })).toBe('it is for the operator, the route for the merchant');
    expect(ask({ severities: ['critical'] })).toBe('the ticket is warning only');
    expect(ask({ sites: ['S-9'] })).toBe('the site is another');
    expect(ask({})).toBe('it fits the route');
  });

  it('quiet hours go over midnight, and over the change of the clocks', () => {
    const night = { timezone: 'Europe/Berlin', from: 22 * 60, to: 7 * 60, exceptCritical: false };
    expect(quietUntil(night, Date.UTC(2026, 2, 28, 22))).toBe(Date.UTC(2026, 2, 29, 5));
    expect(quietUntil(night, Date.UTC(2026, 2, 28, 12))).toBeNull();
  });

  it('waits longer with each failure, up to an hour, and gives up after a day of trying', () => {
    expect(backoffMs(0, 0.5)).toBe(3_750);
    expect(backoffMs(30, 1)).toBe(3_600_000);
    let total = 0;
    for (let i = 0; i < MAX_ATTEMPTS; i++) total += backoffMs(i, 0.5);
    expect(total / HOUR).toBeGreaterThan(12);
  });

  it('every template speaks English and Chinese', () => {
    const { ticket } = new Walk().take('start_diagnosis').take('diagnose').take('decide').take('reserve_loan');
    for (const [name, template] of Object.entries(TEMPLATES)) {
      const data = {
        question: 'which?',
        clock: 'repair',
        note: 'n',
        tracking: 't',
        amount: 100,
        currency: 'CNY',
        from: START,
        to: START,
        how: 'lost',
        why: 'w',
        part: 'p',
        onHand: 1,
        rollout: 'r',
        symptom: 's',
      };
      for (const language of ['en', 'zh'] as const)
        expect(template[language](ticket, data, String), name).not.toMatch(/undefined|NaN|^$/);
    }
  });
});

describe('chat robots', () => {
  it('are told in their own format, signed where they ask for it', async () => {
    const robot = await listener(() => ({ status: 200, body: '{"errcode":0,"code":0}' }));
    for (const flavour of ['slack', 'teams', 'wecom', 'dingtalk', 'feishu'] as const) {
      await createChatNotifier({ flavour, url: `${robot.url}/${flavour}`, secret: 'SEC' }, clock).send(NOTICE);
    }
    const bodies = robot.heard.map((one) => JSON.parse(one.body));
    expect(bodies[0].text).toContain('*New warning ticket*');
    expect(bodies[1].attachments[0].content.type).toBe('AdaptiveCard');
    expect(bodies[2]).toMatchObject({ msgtype: 'markdown' });
    expect(robot.heard[3]!.path).toMatch(/timestamp=\d+&sign=/);
    expect(bodies[4]).toMatchObject({ msg_type: 'text', sign: expect.any(String), timestamp: expect.any(String) });
  });

  it('that answer 200 and mean no are believed', async () => {
    expect(chatFault('dingtalk', '{"errcode":310000,"errmsg":"sign not match"}')).toBe('310000: sign not match');
    const robot = await listener(() => ({ status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook"}' }));
    await expect(createChatNotifier({ flavour: 'wecom', url: robot.url }, clock).send(NOTICE)).rejects.toThrow(/93000/);
    expect(JSON.stringify(chatMessage('slack', NOTICE))).toContain('TW-1');
  });
});

describeServer('alertmanager', 'notices to Alertmanager v2', (start) => {
  it('a ticket fires while it is open and is resolved when it closes', async () => {
    const server = await start();
    const notifier = createAlertmanagerNotifier(server.url, clock);
    const active = async () =>
      (await (await fetch(`${server.url}/api/v2/alerts?active=true`)).json()) as {
        labels: Record<string, string>;
        annotations: Record<string, string>;
      }[];
    await notifier.send(NOTICE);
    const alerts = await until('the alert', async () => ((await active()).length > 0 ? active() : undefined));
    expect(alerts).toMatchObject([
      {
        labels: { alertname: 'TillwatchTicket', ticket: 'TW-1', component: 'printer' },
        annotations: { summary: 'New warning ticket' },
      },
    ]);
    await notifier.send({ ...NOTICE, kind: 'raised', data: { ...NOTICE.data, severity: 'critical' } });
    expect(await active()).toHaveLength(1);
    clock.jump(1_000);
    await notifier.send({ ...NOTICE, kind: 'closed' });
    await until('the alert to end', async () => (await active()).length === 0);
  });
});
