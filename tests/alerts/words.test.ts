import { describe, expect, it } from 'vitest';
import { render } from '../../alerts/core/templates.ts';
import { chanceWords } from '../../alerts/core/words.ts';
import { finding, START } from '../support/alerts-room.ts';
import { Walk } from './ticket-world.ts';

describe('what people read in notices and histories', () => {
  it('says the chance in hours or days, and that a part has failed where it has', () => {
    expect(chanceWords({ probability: 0.6, horizonH: 24 }, 'terminal', 0)).toBe('60 % within 24 hours');
    expect(chanceWords({ probability: 0.62, horizonH: 336 }, 'terminal', 0)).toBe('62 % within 14 days');
    expect(chanceWords({ probability: 1, horizonH: 0 }, 'terminal', 0)).toBe('it has failed');
  });

  it('says that what is true of many is happening now, and of how many: in words, and in the ticket it opens', () => {
    expect(chanceWords({ probability: 0.997, horizonH: 0 }, 'firmware', 12)).toBe('happening now, on 12 terminals');
    const worse = finding({ scope: 'firmware', subject: '2.0.0', terminal: null, probability: 0.997, horizonH: 0 });
    const members = ['T-1', 'T-2'];
    const opened = new Walk({ scope: 'firmware', members, finding: worse }).history[0]!.text;
    expect(opened).toContain('happening now, on 2 terminals');
    expect(opened).not.toMatch(/%|within/);
  });

  it('says times where the terminal stands, by a clock on the wall, in both languages', () => {
    const { ticket } = new Walk();
    const data = { from: Date.UTC(2026, 5, 2, 7), to: Date.UTC(2026, 5, 2, 9, 30) };
    expect(render('appointment', ticket, data, 'en', 'Europe/Lisbon').title).toBe(
      'Appointment: Tue 2 Jun, 08:00 (Europe/Lisbon) to Tue 2 Jun, 10:30 (Europe/Lisbon)',
    );
    expect(render('appointment', ticket, data, 'zh', 'Asia/Shanghai').title).toBe(
      '预约时间：6月2日 周二 15:00（Asia/Shanghai） 至 6月2日 周二 17:30（Asia/Shanghai）',
    );
  });

  it('tells the reasons in Chinese by the names that people know, never by a key', () => {
    const { ticket } = new Walk();
    const stood = {
      standing: true,
      at: START,
      severity: 'warning',
      probability: 0.6,
      horizonH: 72,
      failsAt: null,
      failsAtP10: null,
      failsAtP90: null,
      evidence: [
        { metric: 'printer.head_ohm', value: 742.26, baseline: 655, why: 'The head’s resistance rose by 13 %.' },
      ],
    } as const;
    const told = { ...ticket, finding: stood };
    expect(render('opened', told, {}, 'zh', null).body).toContain('- 加热元件平均阻值：742（通常 655）');
    expect(render('opened', told, {}, 'en', null).body).toContain('- The head’s resistance rose by 13 %.');
  });
});
