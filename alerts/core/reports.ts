import type { Finding } from '../../contract/findings.ts';
import type { FaultReport } from '../../contract/ticket-parts.ts';

/** What the registry knows of a terminal that a fault report asks for. */
export interface TerminalNotes {
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly firmware?: string | null;
  readonly boughtOn: string | null;
  readonly warrantyUntil: string | null;
  readonly merchant: string | null;
  readonly contact: string | null;
}

const NOTHING: TerminalNotes = {
  vendor: null,
  model: null,
  serial: null,
  boughtOn: null,
  warrantyUntil: null,
  merchant: null,
  contact: null,
};

/** The fault report that the platform writes itself, from a finding and the registry. */
export function reportFrom(finding: Finding, beganAt: number, notes: TerminalNotes = NOTHING): FaultReport {
  return {
    ...notes,
    symptom:
      finding.evidence.map((item) => item.why).join(' ') || `${finding.component} ${finding.mode.replaceAll('_', ' ')}`,
    beganAt,
    frequency: null,
    stepsTried: [],
    language: 'en',
  };
}

/** What a merchant or an operator tells of a fault. */
export interface Told {
  readonly symptom: string;
  readonly beganAt?: number;
  readonly frequency?: string;
  readonly stepsTried?: readonly string[];
  readonly contact?: string;
  readonly merchant?: string;
  readonly language?: 'en' | 'zh';
}

/** The fault report of a person, filled in from the registry. */
export function reportTold(told: Told, notes: TerminalNotes = NOTHING): FaultReport {
  return {
    ...notes,
    merchant: told.merchant ?? notes.merchant,
    contact: told.contact ?? notes.contact,
    symptom: told.symptom,
    beganAt: told.beganAt ?? null,
    frequency: told.frequency ?? null,
    stepsTried: told.stepsTried ?? [],
    language: told.language ?? 'en',
  };
}
