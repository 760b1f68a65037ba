import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../dashboards/console/src/i18n/en.ts';
import { zh } from '../../dashboards/console/src/i18n/zh.ts';
import { chance, type Foretold, forecastWords, type Writing } from '../../dashboards/console/src/lib/forecast-words.ts';

const NOW = Date.UTC(2026, 5, 2, 12);
const HOUR = 3_600_000;
const foretold = (over: Partial<Foretold> = {}): Foretold => ({
  scope: 'terminal',
  probability: 0.62,
  horizonH: 24,
  failsAt: NOW + 20 * HOUR,
  failsAtP10: NOW + 9 * HOUR,
  failsAtP90: NOW + 40 * HOUR,
  ...over,
});
const write: Writing = { number: String, shortMoment: (at) => `on ${at}`, dayOnly: (at) => `about ${at}` };
const never = { failsAt: null, failsAtP10: null, failsAtP90: null };

describe('when a finding comes true, as the console says it', () => {
  beforeAll(() => i18next.init({ lng: 'en', resources: { en: { translation: en }, zh: { translation: zh } } }));
  const t = i18next.t.bind(i18next);

  it('a forecast has its time, its interval and its chance', () => {
    expect(forecastWords(t, write, foretold(), NOW)).toMatch(
      /^expected to fail .+ · between .+ and .+ · 62 % within 24 h$/,
    );
  });

  it('an update that has made terminals worse is happening now: no chance of it within days', () => {
    const worse = foretold({ scope: 'firmware', probability: 0.997, horizonH: 0, ...never });
    expect(forecastWords(t, write, worse, NOW)).toBe('happening now');
    expect(chance(t, write, worse)).toBe('happening now');
    expect(chance(i18next.getFixedT('zh'), write, worse)).toBe('正在发生');
  });

  it('an outage of many is happening since it began, and a part that stopped has failed', () => {
    expect(forecastWords(t, write, foretold({ scope: 'site', horizonH: 0, failsAt: NOW - HOUR }), NOW)).toMatch(
      /^happening since /,
    );
    expect(forecastWords(t, write, foretold({ horizonH: 0, failsAt: NOW - HOUR }), NOW)).toMatch(/^failed /);
    expect(chance(t, write, foretold({ horizonH: 0 }))).toBe('has failed');
  });
});
