import { DateTime } from 'luxon';
import type { Ticket } from '../../contract/tickets.ts';
import { handoverNeeds } from './acceptance.ts';
import { FORM_WORDS, type FormWord, VALUE_WORDS } from './form-words.ts';
import { type Language, reasonWords } from './words.ts';

export const FORMS = ['fault_report', 'repair_record', 'replacement_request', 'loan_slip', 'acceptance_form'] as const;
export type FormName = (typeof FORMS)[number];

export type Block =
  | { readonly kind: 'facts'; readonly heading: string; readonly rows: readonly (readonly [string, string])[] }
  | {
      readonly kind: 'table';
      readonly heading: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'text'; readonly heading: string; readonly lines: readonly string[] }
  | { readonly kind: 'signatures'; readonly heading: string; readonly who: readonly string[] };

/** A printed form as data: what HTML and PDF are both made from. */
export interface Form {
  readonly name: FormName;
  readonly language: Language;
  readonly title: string;
  readonly number: string;
  readonly date: string;
  readonly blocks: readonly Block[];
}

interface Writer {
  readonly language: Language;
  readonly w: (word: FormWord) => string;
  readonly value: (word: string | null | undefined) => string;
  readonly time: (at: number | null | undefined) => string;
  readonly money: (amount: number) => string;
}

function writer(language: Language, timezone: string): Writer {
  return {
    language,
    w: (word) => FORM_WORDS[word][language],
    value: (word) => (word ? (language === 'zh' ? (VALUE_WORDS[word] ?? word) : word.replaceAll('_', ' ')) : '—'),
    time: (at) => {
      if (at === null || at === undefined) return '—';
      const local = DateTime.fromMillis(at, { zone: timezone });
      return (local.isValid ? local : DateTime.fromMillis(at, { zone: 'utc' })).toFormat('yyyy-MM-dd HH:mm');
    },
    money: (amount) => (amount / 100).toFixed(2),
  };
}

function device(ticket: Ticket, { w }: Writer): Block {
  const report = ticket.report;
  return {
    kind: 'facts',
    heading: w('device'),
    rows: [
      [w('merchant'), report?.merchant ?? '—'],
      [w('contact'), report?.contact ?? '—'],
      [w('site'), ticket.site ?? '—'],
      [w('terminal'), ticket.terminal ?? ticket.subject],
      [w('vendor'), report?.vendor ?? '—'],
      [w('model'), report?.model ?? '—'],
      [w('serial'), report?.serial ?? '—'],
      [w('boughtOn'), report?.boughtOn ?? '—'],
      [w('warrantyUntil'), report?.warrantyUntil ?? '—'],
    ],
  };
}

function diagnosis(ticket: Ticket, { w, value }: Writer): Block {
  const test = ticket.selfTests.at(-1);
  return {
    kind: 'facts',
    heading: w('diagnosis'),
    rows: [
      [w('cause'), value(ticket.diagnosis?.causeClass)],
      [w('component'), value(ticket.component)],
      [w('selfTest'), value(test?.result)],
    ],
  };
}

function decision(ticket: Ticket, { w, value, money }: Writer): Block {
  const made = ticket.decision;
  const quote = ticket.quote;
  return {
    kind: 'facts',
    heading: w('decision'),
    rows: [
      [w('method'), value(made?.method)],
      [w('charge'), made ? w(made.charge === 'free' ? 'free' : 'paid') : '—'],
      [w('why'), made?.why ?? '—'],
      ...(quote ? [[w('quote'), `${money(quote.amount)} ${quote.currency}`] as const] : []),
      ...(quote?.consent
        ? [[w('consent'), `${quote.consent.given ? w('yes') : w('no')}, ${quote.consent.by}`] as const]
        : []),
    ],
  };
}

const BUILD: Readonly<Record<FormName, (ticket: Ticket, to: Writer) => readonly Block[]>> = {
  fault_report: (ticket, to) => [
    device(ticket, to),
    {
      kind: 'facts',
      heading: to.w('fault'),
      rows: [
        [to.w('symptom'), ticket.report?.symptom ?? ticket.title],
        [to.w('began'), to.time(ticket.report?.beganAt)],
        [to.w('frequency'), ticket.report?.frequency ?? '—'],
        [
          to.w('tried'),
          [...(ticket.report?.stepsTried ?? []), ...ticket.firstAid.map((step) => step.step)].join(', ') || '—',
        ],
      ],
    },
    ...(ticket.finding
      ? [
          {
            kind: 'text' as const,
            heading: to.w('evidence'),
            lines: ticket.finding.evidence.map((item) => reasonWords(item, to.language)),
          },
        ]
      : []),
    { kind: 'signatures', heading: to.w('signatures'), who: [to.w('forMerchant')] },
  ],
  repair_record: (ticket, to) => [
    device(ticket, to),
    diagnosis(ticket, to),
    decision(ticket, to),
    {
      kind: 'facts',
      heading: to.w('work'),
      rows: [
        [to.w('provider'), ticket.provider ?? '—'],
        [to.w('technician'), ticket.technician ?? '—'],
        [
          to.w('appointment'),
          ticket.appointment ? `${to.time(ticket.appointment.from)} – ${to.time(ticket.appointment.to)}` : '—',
        ],
        [
          to.w('labour'),
          `${ticket.labour.reduce((sum, one) => sum + one.minutes, 0)} ${to.w('minutes')}, ${to.money(ticket.labour.reduce((sum, one) => sum + one.cost, 0))}`,
        ],
        [to.w('backup'), to.time(ticket.backup?.at)],
        [to.w('restore'), to.time(ticket.restore?.at)],
      ],
    },
    {
      kind: 'table',
      heading: to.w('parts'),
      columns: [to.w('part'), to.w('quantity'), to.w('fitted'), to.w('removed'), to.w('cost')],
      rows: ticket.parts.map((part) => [
        part.part,
        String(part.quantity),
        part.serial ?? '—',
        part.removedSerial ?? '—',
        to.money(part.cost),
      ]),
    },
    ...(ticket.shipping.length > 0
      ? [
          {
            kind: 'text' as const,
            heading: to.w('shipping'),
            lines: ticket.shipping.map(
              (leg) =>
                `${to.value(leg.direction)}: ${leg.carrier} ${leg.tracking}, ${to.time(leg.sentAt)}${leg.accessories.length ? ` (${leg.accessories.join(', ')})` : ''}`,
            ),
          },
        ]
      : []),
    { kind: 'signatures', heading: to.w('signatures'), who: [to.w('forProvider'), to.w('forMerchant')] },
  ],
  replacement_request: (ticket, to) => [
    device(ticket, to),
    diagnosis(ticket, to),
    decision(ticket, to),
    {
      kind: 'facts',
      heading: to.w('replacement'),
      rows: [
        [to.w('newDevice'), ticket.replacement?.asset ?? '—'],
        [to.w('newModel'), ticket.replacement?.model ?? '—'],
        [to.w('backup'), to.time(ticket.backup?.at)],
        [to.w('training'), ticket.training?.needed ? (ticket.training.who ?? '—') : to.w('no')],
      ],
    },
    { kind: 'signatures', heading: to.w('signatures'), who: [to.w('forMerchant'), to.w('forOperator')] },
  ],
  loan_slip: (ticket, to) => [
    device(ticket, to),
    {
      kind: 'facts',
      heading: to.w('loan'),
      rows: [
        [to.w('loaner'), ticket.loan?.asset ?? '—'],
        [to.w('lent'), to.time(ticket.loan?.deliveredAt)],
        [to.w('returned'), to.time(ticket.loan?.returnedAt)],
      ],
    },
    { kind: 'text', heading: '', lines: [to.w('loanTerms')] },
    { kind: 'signatures', heading: to.w('signatures'), who: [to.w('forMerchant'), to.w('forProvider')] },
  ],
  acceptance_form: (ticket, to) => [
    device(ticket, to),
    {
      kind: 'facts',
      heading: to.w('acceptance'),
      rows: [
        [to.w('selfTest'), to.value(ticket.acceptance?.selfTest?.result)],
        [to.w('healthy'), to.time(ticket.acceptance?.healthyAt)],
        [to.w('attempts'), String(ticket.acceptance?.attempts ?? 0)],
        [to.w('restore'), to.time(ticket.restore?.at)],
        [to.w('outcome'), to.value(ticket.outcome?.action)],
        [
          to.w('signed'),
          ticket.acceptance?.signedBy ? `${ticket.acceptance.signedBy}, ${to.time(ticket.acceptance.signedAt)}` : '—',
        ],
      ],
    },
    ...(ticket.open && handoverNeeds(ticket).length > 0
      ? [{ kind: 'text' as const, heading: to.w('outstanding'), lines: handoverNeeds(ticket) }]
      : []),
    { kind: 'signatures', heading: to.w('signatures'), who: [to.w('forMerchant'), to.w('forProvider')] },
  ],
};

/** Fills in one of the five forms from a ticket. */
export function formOf(name: FormName, ticket: Ticket, language: Language, timezone: string, now: number): Form {
  const to = writer(language, timezone);
  return {
    name,
    language,
    title: to.w(name),
    number: ticket.id,
    date: to.time(now),
    blocks: BUILD[name](ticket, to),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function safe(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function blockHtml(block: Block): string {
  const heading = block.heading ? `<h2>${safe(block.heading)}</h2>` : '';
  switch (block.kind) {
    case 'facts':
      return `${heading}<table class="facts">${block.rows.map(([label, value]) => `<tr><th>${safe(label)}</th><td>${safe(value)}</td></tr>`).join('')}</table>`;
    case 'table':
      return `${heading}<table><tr>${block.columns.map((column) => `<th>${safe(column)}</th>`).join('')}</tr>${block.rows.map((row) => `<tr>${row.map((cell) => `<td>${safe(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
    case 'text':
      return `${heading}${block.lines.map((line) => `<p>${safe(line)}</p>`).join('')}`;
    case 'signatures':
      return `${heading}<div class="sign">${block.who.map((who) => `<div>${safe(who)}</div>`).join('')}</div>`;
  }
}

/** A form as a page that prints well on A4, without scripts. */
export function formHtml(form: Form): string {
  const blocks = form.blocks.map(blockHtml);
  return `<!doctype html><html lang="${form.language}"><head><meta charset="utf-8"><title>${safe(`${form.title} ${form.number}`)}</title><style>
@page{size:A4;margin:18mm}body{font:11pt/1.45 system-ui,"Noto Sans SC","Noto Sans CJK SC",sans-serif;color:#111;max-width:174mm;margin:auto}
h1{font-size:18pt;margin:0}h2{font-size:12pt;margin:14pt 0 4pt;border-bottom:1px solid #999}header{display:flex;justify-content:space-between;align-items:end}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:3pt 6pt;border:1px solid #bbb;vertical-align:top}.facts th{width:32%;font-weight:500;background:#f4f4f4}
.sign{display:flex;gap:12mm;margin-top:18mm}.sign div{flex:1;border-top:1px solid #111;padding-top:3pt}</style></head><body>
<header><h1>${safe(form.title)}</h1><div>${safe(FORM_WORDS.ticket[form.language])} ${safe(form.number)}<br>${safe(FORM_WORDS.date[form.language])} ${safe(form.date)}</div></header>
${blocks.join('\n')}</body></html>`;
}
