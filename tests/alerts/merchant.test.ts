import { expect, it } from 'vitest';
import type { MerchantTicket } from '../../alerts/core/merchant-view.ts';
import { readCode } from '../../alerts/core/merchant-view.ts';
import { DAY, START, startAlertsRoom, TENANT } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

interface Page {
  terminal: string;
  merchant: string;
  tickets: MerchantTicket[];
}

it('a code is read as it was meant: case, spaces and look-alikes forgiven', () => {
  expect(readCode(' ab1o2 - 3il4z ')).toBe('AB102-3114Z');
});

describeEachRelational("the merchant's page", (open) => {
  it('reports with fitting first aid, follows, answers a quote, signs and rates, all by the code of the terminal', async () => {
    const room = await startAlertsRoom(await open());
    await room.registry.putSite({ tenant: TENANT, site: 'S-1', name: 'Noodles', timezone: 'Asia/Shanghai' }, START);
    await room.announce('T-1', START - 10 * DAY, { warranty_until: '2025-01-01' });
    const { body: given } = await room.call<{ code: string }>('POST', '/terminals/T-1/merchant-code');
    const page = async () => (await room.raw<Page>('GET', `/merchant/${given.code.toLowerCase()}`)).body;
    const send = async (event: object) =>
      await room.raw<MerchantTicket & { detail: string }>('POST', `/merchant/${given.code}/tickets/TW-1/events`, {
        event,
      });
    const desk = async (...events: object[]) => {
      for (const event of events) expect((await room.call('POST', '/tickets/TW-1/events', { event })).status).toBe(200);
    };
    expect(await page()).toMatchObject({ terminal: 'T-1', merchant: 'Noodles', tickets: [] });
    const reported = await room.raw<{ ticket: MerchantTicket; firstAid: { step: string; zh: string }[] }>(
      'POST',
      `/merchant/${given.code}/reports`,
      {
        symptom: '小票打印不清楚',
        stepsTried: ['restart'],
        language: 'zh',
      },
    );
    expect(reported.status).toBe(201);
    expect(reported.body.firstAid.map((step) => step.step)).toEqual(['paper', 'jam', 'clean_head', 'update']);
    await room.pass();
    expect(room.notices.map((notice) => notice.title)).toContain('已收到您的报修：T-1');
    await send({ type: 'start_first_aid' });
    expect(
      (await send({ type: 'first_aid_step', step: 'paper', result: 'no_change' })).body.firstAid.map(
        (step) => step.step,
      ),
    ).toEqual(['jam', 'clean_head', 'update']);
    await desk(
      { type: 'start_diagnosis' },
      { type: 'diagnose', causeClass: 'hardware', component: 'printer', mode: 'head_wear' },
      { type: 'decide', method: 'onsite' },
      { type: 'send_quote', amount: 15_000, currency: 'CNY', items: [{ text: '打印头', amount: 15_000 }] },
    );
    expect((await page()).tickets[0]).toMatchObject({
      state: 'consent',
      waitsForYou: true,
      quote: { amount: 15_000, answered: false },
    });
    await send({ type: 'consent' });
    await desk({ type: 'book', from: START + DAY, to: START + DAY + 3_600_000, place: 'store', technician: 'tom' });
    expect((await page()).tickets[0]!.appointment).toMatchObject({ from: START + DAY, technician: 'tom' });
    await desk({ type: 'start_repair' }, { type: 'progress', note: '已更换打印头' }, { type: 'finish_repair' });
    await send({ type: 'sign_acceptance', by: '李女士' });
    await room.call('POST', '/tickets/TW-1/events', {
      event: { type: 'self_test_result', result: 'pass', checks: {} },
    });
    await room.pass(DAY + 1);
    expect((await page()).tickets[0]).toMatchObject({ state: 'closed', allowed: expect.arrayContaining(['rate']) });
    const rated = await send({ type: 'rate', attitude: 5, speed: 5, result: 5 });
    expect(rated.body.state).toBe('archived');
    expect(rated.body.story.map((line) => line.text)).toEqual(
      expect.arrayContaining(['已更换打印头', '李女士 signed the acceptance.']),
    );
    await room.stop();
  });

  it('shows nothing of other terminals, takes nothing that is for the desk, and an old code is worth nothing', async () => {
    const room = await startAlertsRoom(await open());
    await room.announce('T-1', START);
    await room.announce('T-2', START);
    const { body: one } = await room.call<{ code: string }>('POST', '/terminals/T-1/merchant-code');
    const { body: two } = await room.call<{ code: string }>('POST', '/terminals/T-2/merchant-code');
    await room.raw('POST', `/merchant/${one.code}/reports`, { symptom: 'no network' });
    expect(
      (await room.raw('POST', `/merchant/${two.code}/tickets/TW-1/events`, { event: { type: 'comment', text: 'hi' } }))
        .status,
    ).toBe(404);
    expect(
      (
        await room.raw('POST', `/merchant/${one.code}/tickets/TW-1/events`, {
          event: { type: 'decide', method: 'phone' },
        })
      ).status,
    ).toBe(400);
    const { body: fresh } = await room.call<{ code: string }>('POST', '/terminals/T-1/merchant-code');
    expect((await room.raw('GET', `/merchant/${one.code}`)).status).toBe(404);
    expect((await room.raw('GET', `/merchant/${fresh.code}`)).status).toBe(200);
    for (let i = 0; i < 4; i++) await room.raw('POST', `/merchant/${fresh.code}/reports`, { symptom: `fault ${i}` });
    expect((await room.raw('POST', `/merchant/${fresh.code}/reports`, { symptom: 'one more' })).status).toBe(429);
    await room.stop();
  });
});
