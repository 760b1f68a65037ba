import { TillwatchError } from '../contract/errors.ts';

/** What the demonstration's operator would have entered: who repairs, what is on the shelf, what is checked. Entered over the public API. */
const DEMO_OFFICE = {
  providers: {
    'northgate-service': {
      ...crew('Northgate Service', ['Leeds', 'Hamburg'], 'Europe/London', ['A. Moreau', 'B. Okafor']),
      contact: 'desk@northgate.example',
    },
    'tilly-and-sons': {
      ...crew('Tilly & Sons', ['Chicago', 'Denver'], 'America/Chicago', ['C. Lindqvist', 'D. Tan']),
      contact: 'dispatch@tilly.example',
    },
    'quayside-field': {
      ...crew('Quayside Field', ['Lisbon', 'Singapore'], 'Europe/Lisbon', ['E. Ruiz', 'F. Novak']),
      contact: '+351 555 0187',
    },
  },
  parts: {
    'print-head': part('Print head', 6, 4_800, 6, ['printer/head_wear']),
    roller: part('Paper roller', 9, 1_150, 4, ['printer/paper_feed']),
    cutter: part('Cutter', 3, 2_300, 9, ['printer/cutter_wear']),
    'power-board': part('Printer supply board', 2, 3_900, 12, ['printer/power']),
    'battery-pack': part('Battery pack', 4, 3_200, 7, [
      'battery/capacity_fade',
      'battery/resistance_rise',
      'battery/charging_fault',
      'battery/overheat',
    ]),
    'chip-reader': part('Chip reader', 2, 2_700, 8, ['reader/contact_wear']),
    'tap-antenna': part('Contactless antenna', 1, 1_900, 8, ['reader/tap_fault']),
    'sim-holder': part('SIM holder', 5, 450, 5, ['network/sim_wear']),
  },
  assets: {
    'POOL-0001': loaner('Halden C20', 'quayside-field'),
    'POOL-0002': loaner('Halden C20', 'tilly-and-sons'),
    'POOL-0003': loaner('Orsa M3', 'northgate-service'),
    'POOL-0004': loaner('Orsa M3', 'quayside-field'),
    'POOL-0005': loaner('Halden A9', 'warehouse'),
    'POOL-0006': loaner('Meridian P2', 'warehouse'),
  },
  plans: {
    'printer-care': {
      name: 'Printer care',
      models: [],
      rrule: 'FREQ=YEARLY',
      use: { metric: 'printer.printed_mm_total', every: 80_000_000 },
      checklist: ['clean the print head', 'clean the roller', 'print a test page'],
      minutes: 20,
      active: true,
    },
  },
} as const;
const ROUND_DAYS = 14;

function crew(name: string, regions: readonly string[], timezone: string, technicians: readonly string[]) {
  return {
    name,
    regions,
    timezone,
    skills: ['*'],
    technicians: technicians.map((one) => ({ name: one, skills: ['*'] })),
    people: [],
    capacity: 20,
    minutesPerDay: 420,
    hours: Array.from({ length: 7 }, (_, day) => (day < 5 ? { opens: 480, closes: 1_020 } : null)),
    active: true,
  };
}

function part(name: string, onHand: number, unitCost: number, leadDays: number, mends: readonly string[]) {
  return { name, onHand, onOrder: 0, reorderPoint: 2, reorderQuantity: 5, leadDays, unitCost, mends };
}

function loaner(model: string, custodian: string) {
  return { model, custodian, owner: 'pool', state: 'stock' };
}

/** Enters the demonstration's office, unless somebody has entered a provider already: what people have changed is left alone. */
export async function enterDemoOffice(apiUrl: string, tenant: string): Promise<void> {
  const known = (await call(apiUrl, tenant, 'GET', '/providers')) as { readonly items: readonly unknown[] };
  if (known.items.length > 0) return;
  for (const [kind, entries] of Object.entries(DEMO_OFFICE)) {
    for (const [id, entry] of Object.entries(entries)) await call(apiUrl, tenant, 'PUT', `/${kind}/${id}`, entry);
  }
}

/** Plans the first rounds, where none are planned. */
export async function planDemoRounds(apiUrl: string, tenant: string): Promise<void> {
  const known = (await call(apiUrl, tenant, 'GET', '/rounds')) as { readonly items: readonly unknown[] };
  if (known.items.length === 0) await call(apiUrl, tenant, 'POST', '/rounds', { days: ROUND_DAYS });
}

async function call(apiUrl: string, tenant: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${apiUrl}/api/v1/tenants/${tenant}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    const said = (await answer.text()).slice(0, 300);
    throw new TillwatchError('demo.office', `${method} ${path} answered ${answer.status}: ${said}`);
  }
  return answer.json();
}
