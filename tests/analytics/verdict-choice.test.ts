import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../analytics/core/judge.ts';
import { continuing } from '../../analytics/core/verdict-choice.ts';
import type { Mode } from '../../contract/modes.ts';

/** A verdict of which only the mode, its strength and what its own channels say matter. */
function verdict(mode: Mode, strength: number, own: number, remainder?: true, metric?: string): Verdict {
  const forecast = { p10: 1, p50: 2, p90: 4, within1: 0.1, within3: 0.7, within7: 1 };
  const spec = { mode, gauges: [], rates: [], cost: '', ...(remainder && { remainder }) };
  return {
    mode: spec,
    strength,
    own,
    present: 0,
    shows: own,
    ownMetrics: metric ? [metric] : [],
    surprise: 0,
    level: 0.4,
    forecast,
    metric,
    evidence: () => [],
    seen: () => [],
  };
}

function named(mode: Mode, verdicts: readonly Verdict[], days = 0, unheardDays = days): Mode | undefined {
  return continuing(verdicts, mode, true, days, unheardDays)?.mode.mode;
}

describe("the name of a link's ticket", () => {
  it('that was left for want of another is given up once another mode is sure of itself', () => {
    const offline = verdict('offline', 0.6, 0.4, true);
    expect(named('offline', [verdict('congestion', 1.2, 0.9), offline])).toBe('congestion');
    expect(named('offline', [verdict('congestion', 1.2, 0.5), offline])).toBe('offline');
  });

  it('of which nothing shows any more goes over to a trace of another only where all together is twice what opens one', () => {
    const sim = verdict('sim_wear', 0, 0);
    expect(named('sim_wear', [verdict('signal_degradation', 1.7, 0.4), sim])).toBe('signal_degradation');
    expect(named('sim_wear', [verdict('signal_degradation', 1.3, 0.4), sim])).toBe('sim_wear');
    expect(named('sim_wear', [verdict('signal_degradation', 1.7, 0.1), sim])).toBe('sim_wear');
    // What is left for want of another name is none to go over to.
    expect(named('sim_wear', [verdict('offline', 1.7, 0.4, true), sim])).toBe('sim_wear');
  });

  it('that one metric named is not given to another by the same', () => {
    const attaches = 'network.reattaches_total';
    const sim = verdict('sim_wear', 0.3, 0.1, undefined, attaches);
    const signal = (metric: string) => verdict('signal_degradation', 1.7, 1.2, undefined, metric);
    expect(named('sim_wear', [signal(attaches), sim])).toBe('sim_wear');
    expect(named('sim_wear', [signal('network.rsrp_dbm'), sim])).toBe('signal_degradation');
    // However old the ticket is.
    expect(named('sim_wear', [signal(attaches), sim], 3)).toBe('sim_wear');
  });

  it('that would not even be watched any more is given up, days after it was opened, to one that would open a ticket by itself', () => {
    const elsewhere = verdict('signal_degradation', 0.4, 0.4);
    expect(named('signal_degradation', [verdict('congestion', 1.2, 0.9), elsewhere], 3)).toBe('congestion');
    expect(named('signal_degradation', [verdict('congestion', 1.2, 0.9), elsewhere], 1)).toBe('signal_degradation');
    expect(named('signal_degradation', [verdict('congestion', 1.2, 0.6), elsewhere], 3)).toBe('signal_degradation');
    const worse = verdict('signal_degradation', 0.6, 0.4);
    expect(named('signal_degradation', [verdict('congestion', 1.2, 0.9), worse], 3)).toBe('signal_degradation');
  });

  it('is not given up to what is left for want of another name', () => {
    const elsewhere = verdict('signal_degradation', 0.4, 0.4);
    expect(named('signal_degradation', [verdict('offline', 1.2, 0.9, true), elsewhere], 3)).toBe('signal_degradation');
  });

  it('that is full in its busy hours is not given up at night to what a full line brings about as well', () => {
    const full = verdict('congestion', 0.1, 0);
    const broken = verdict('offline', 1.2, 0.9, true);
    const noisy = verdict('signal_degradation', 1.2, 0.9, undefined, 'network.sinr_db');
    for (const beside of [broken, noisy]) {
      expect(named('congestion', [beside, full], 3, 0.6)).toBe('congestion');
      // Nothing of it shows at night: what it was named by may not even be among the verdicts.
      expect(named('congestion', [beside], 3, 0.6)).toBeUndefined();
      expect(named('congestion', [beside, full], 3, 1.3)).toBe(beside.mode.mode);
    }
    // Days later a ratio that is worse still is no crowd's.
    expect(named('congestion', [noisy, full], 6, 0.6)).toBe('signal_degradation');
    const weak = verdict('signal_degradation', 1.2, 0.9, undefined, 'network.rsrp_dbm');
    expect(named('congestion', [weak, full], 3, 0.6)).toBe('signal_degradation');
  });
});

describe("the name of a part's ticket", () => {
  it('stays, however long it has stood, while its own channels speak of it: bad paper beside a worn cutter is another matter', () => {
    const cutter = verdict('cutter_wear', 0.4, 0.4);
    const stays = continuing([verdict('paper_feed', 1.2, 0.9), cutter], 'cutter_wear', false, 5, 5);
    expect(stays?.mode.mode).toBe('cutter_wear');
  });
});
