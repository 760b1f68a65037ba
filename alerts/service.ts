import { messageOf } from '../contract/errors.ts';
import type { AssetRepository } from '../contract/ports/assets.ts';
import type { AttachmentStore } from '../contract/ports/attachments.ts';
import type { CommandSender } from '../contract/ports/commands.ts';
import type { Directory } from '../contract/ports/directory.ts';
import type { FindingStore, OpinionStore } from '../contract/ports/findings.ts';
import type { HoldRepository } from '../contract/ports/holds.ts';
import type { JournalFeed } from '../contract/ports/journal.ts';
import type { Notifier } from '../contract/ports/notifier.ts';
import type { Outbox } from '../contract/ports/outbox.ts';
import type { OutcomeLog } from '../contract/ports/outcomes.ts';
import type { RegistryRepository } from '../contract/ports/registry.ts';
import type { DocumentShelf } from '../contract/ports/shelf.ts';
import type { TelemetryStore } from '../contract/ports/telemetry-store.ts';
import type { TicketRepository } from '../contract/ports/tickets.ts';
import type { WorkerBoard } from '../contract/ports/workers.ts';
import type { Check, Room, RoomDeps } from '../contract/room.ts';
import type { TenantId } from '../contract/topics.ts';
import { IncidentBook } from './core/incident-book.ts';
import { DEFAULT_POLICY, type Policy } from './core/policy.ts';
import type { TerminalNotes } from './core/reports.ts';
import { AssetDesk } from './edge/asset-desk.ts';
import { Crew } from './edge/crew.ts';
import { effectHandlers } from './edge/effects.ts';
import { FileRoom } from './edge/file-room.ts';
import { Intake } from './edge/intake.ts';
import { Losses } from './edge/losses.ts';
import { type EmailSettings, MailRoom } from './edge/notifiers/email-notifier.ts';
import { Office, type Person } from './edge/office.ts';
import { OutboxRunner } from './edge/outbox-runner.ts';
import { OutsideDesk } from './edge/outside-desk.ts';
import { Prevention } from './edge/prevention.ts';
import { Reconciler } from './edge/reconciler.ts';
import { RolloutDesk } from './edge/rollout-desk.ts';
import { assetRoutes } from './edge/routes/asset-routes.ts';
import { attachmentRoutes } from './edge/routes/attachment-routes.ts';
import { calendarRoutes } from './edge/routes/calendar-routes.ts';
import { contractRoutes } from './edge/routes/contract-routes.ts';
import { formRoutes } from './edge/routes/form-routes.ts';
import { incidentRoutes } from './edge/routes/incident-routes.ts';
import { merchantRoutes } from './edge/routes/merchant-routes.ts';
import { noticeRouteRoutes } from './edge/routes/notice-route-routes.ts';
import { outsideRoutes } from './edge/routes/outside-routes.ts';
import { preventionRoutes } from './edge/routes/prevention-routes.ts';
import { providerRoutes } from './edge/routes/provider-routes.ts';
import { reportRoutes } from './edge/routes/report-routes.ts';
import { rolloutRoutes } from './edge/routes/rollout-routes.ts';
import { siteCareRoutes } from './edge/routes/site-care-routes.ts';
import { statisticsRoutes } from './edge/routes/statistics-routes.ts';
import { thresholdRoutes } from './edge/routes/threshold-routes.ts';
import { ticketRoutes } from './edge/routes/ticket-routes.ts';
import { AnswerListener } from './edge/self-tests.ts';
import { SiteCareBook } from './edge/site-care.ts';
import { Switchboard } from './edge/switchboard.ts';
import { TicketDesk } from './edge/ticket-desk.ts';
import { Turn } from './edge/turn.ts';

export interface AlertsDeps extends RoomDeps {
  readonly feed: JournalFeed;
  /** Number of the journal's shards. */
  readonly shards: number;
  readonly findings: FindingStore;
  readonly opinions: OpinionStore;
  readonly tickets: TicketRepository;
  readonly outbox: Outbox;
  readonly holds: HoldRepository;
  readonly outcomes: OutcomeLog;
  readonly assets: AssetRepository;
  readonly shelf: DocumentShelf;
  readonly files: AttachmentStore;
  readonly telemetry: Pick<TelemetryStore, 'latest'>;
  readonly registry: Pick<RegistryRepository, 'get' | 'change' | 'sites' | 'tenants' | 'list'>;
  readonly directory: Directory;
  readonly commands: CommandSender;
  readonly notifiers: readonly Notifier[];
  /** Name of this process among those that serve the room together. Where it can be the only one, the same at each start: it need not wait for its former run's lead to end. */
  readonly worker: string;
  readonly workers: WorkerBoard;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly newId: () => string;
  /** Unguessable bytes, for codes. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly consoleUrl?: string;
  /** The SMTP server for e-mail; undefined: none. */
  readonly mail?: EmailSettings | undefined;
  readonly policy?: Policy;
}

const POLL_MS = 1_000;
const FULL_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STOP_MS = 10_000;
const REGISTRY_PAGE = 500;
const TICKS = 10;
/** Without a successful pass for this long the room says that it is not ready. */
const STALE_MS = 60_000;
const KEEP_LEAD_MS = 2_000;

export interface Alerts extends Room {
  /** Runs one pass now (findings, time, effects), after the one under way; for those who move the clock themselves. */
  pass(): Promise<void>;
}

/** The alerts room: findings and reports become tickets, tickets move, and the world is told. */
export function createAlerts(deps: AlertsDeps): Alerts {
  const { clock, log, tickets, registry, directory } = deps;
  const policy = deps.policy ?? DEFAULT_POLICY;
  const book = new IncidentBook();
  const office = new Office(deps);
  const providerOf = (tenant: TenantId, person: Person): string | null => office.providerOf(tenant, person);
  const desk = new TicketDesk({
    clock,
    tickets,
    book,
    policyOf: (tenant, site) => office.policyFor(policy, tenant, site),
    estimate: (ticket, now) => office.estimate(ticket, now),
    providerOf,
    follow: (ticket) => office.follow(ticket),
    stored: (changed) => office.stored(changed),
  });
  const prevention = new Prevention({ ...deps, desk, office });

  async function notesOf(tenant: TenantId, terminals: readonly string[]): Promise<ReadonlyMap<string, TerminalNotes>> {
    const out = new Map<string, TerminalNotes>();
    if (terminals.length === 0) return out;
    const sites = new Map((await registry.sites(tenant)).map((site) => [site.site, site]));
    const wanted = [...new Set(terminals)];
    for (let i = 0; i < wanted.length; i += REGISTRY_PAGE) {
      const page = await registry.list(tenant, { terminals: wanted.slice(i, i + REGISTRY_PAGE), limit: REGISTRY_PAGE });
      for (const known of page.items) {
        const site = known.site === null ? undefined : sites.get(known.site);
        out.set(known.terminal, {
          vendor: known.vendor,
          model: known.model,
          serial: known.serial,
          firmware: known.firmware,
          boughtOn: known.boughtOn,
          warrantyUntil: known.warrantyUntil,
          merchant: site?.name ?? known.site,
          contact: site?.contact ?? null,
        });
      }
    }
    return out;
  }

  const notes = async (tenant: TenantId, terminal: string): Promise<TerminalNotes | undefined> =>
    (await notesOf(tenant, [terminal])).get(terminal);

  const reconciler = new Reconciler({
    ...deps,
    book,
    desk,
    policyOf: (tenant) => office.rulesOf(policy, tenant),
    notes: notesOf,
  });
  desk.onEnded((records) => reconciler.widerEnded(records));
  const mail = deps.mail && new MailRoom(deps.mail);
  const outside = new OutsideDesk({ clock, shelf: deps.shelf, desk, consoleUrl: deps.consoleUrl });
  const switchboard = new Switchboard({
    clock,
    shelf: deps.shelf,
    mail,
    holds: () => reconciler.holds,
    handOver: (...handed) => outside.handOver(...handed),
  });
  const runner = new OutboxRunner({
    ...deps,
    ...effectHandlers({
      ...deps,
      desk,
      policy,
      assets: new AssetDesk(deps.assets),
      prevention,
      switchboard,
      outside,
      consoleUrl: deps.consoleUrl,
    }),
  });
  const care = new SiteCareBook({ clock, shelf: deps.shelf, tickets });
  const files = new FileRoom({ clock, files: deps.files, tickets, desk });
  const rollouts = new RolloutDesk({ ...deps, desk, held: () => reconciler.refreshHolds() });
  const answers = new AnswerListener({
    feed: deps.feed,
    shards: deps.shards,
    desk,
    files,
    log,
    updated: (...answer) => rollouts.answered(...answer),
  });

  const crew = new Crew({
    clock,
    board: deps.workers,
    worker: deps.worker,
    gained: async () => {
      await reconciler.lead();
      await reconciler.full();
      await answers.start();
    },
    lost: () => answers.stop(),
    changed: async (what) => {
      if (what === 'holds') await reconciler.refreshHolds();
      else await Promise.all([office.reload(), switchboard.start()]);
    },
  });
  /** Wraps a job that one process does for all. */
  const leading = (work: () => Promise<void>) => async (): Promise<void> => {
    if (await crew.lead()) await work();
  };

  const passes = new Turn();
  const stopping = new AbortController();
  let stops: (() => void)[] = [];
  let started = false;
  let lastPassAt = 0;
  let lastFailure: string | undefined;
  let underWay: Promise<void> = Promise.resolve();

  async function pass(): Promise<void> {
    if (stopping.signal.aborted) return;
    try {
      await crew.look();
      if (await crew.lead()) {
        await reconciler.poll();
        // Bounded: a long backlog must not keep findings waiting.
        for (let i = 0; i < TICKS && (await desk.tick()) > 0; i++);
      }
      await runner.run(stopping.signal);
      lastPassAt = clock.now();
      lastFailure = undefined;
    } catch (error) {
      lastFailure = messageOf(error);
      log.warn({ err: error }, `a pass of the alerts room failed and will be tried again: ${lastFailure}`);
    }
  }

  return {
    name: 'alerts',
    pass: () => passes.run(pass),
    async start() {
      await office.start();
      await switchboard.start();
      await runner.release();
      await reconciler.start();
      await crew.look();
      await crew.lead();
      lastPassAt = clock.now();
      started = true;
      stops = [
        clock.every(POLL_MS, () => {
          underWay = passes.run(pass);
          return underWay;
        }),
        // A long pass must not cost the lead.
        clock.every(KEEP_LEAD_MS, async () => void (await crew.lead())),
      ];
    },
    async stop() {
      stopping.abort();
      for (const stop of stops) stop();
      await answers.stop();
      await Promise.race([underWay, clock.sleep(STOP_MS)]);
      await crew.leave();
      await runner.release();
      mail?.close();
      started = false;
    },
    health() {
      const stale = started && clock.now() - lastPassAt > STALE_MS;
      const checks: Check[] = [
        {
          name: 'reconcile',
          ok: !stale,
          detail: stale
            ? `no pass for ${Math.round((clock.now() - lastPassAt) / 1000)} s: ${lastFailure ?? 'it hangs'}`
            : `${book.size} faults known`,
        },
        {
          name: 'answers',
          ok: true,
          detail: crew.leads ? `${answers.lag} journal positions behind` : 'another process leads',
        },
      ];
      return { ok: true, ready: started && !stale, checks };
    },
    routes(http) {
      const site = (tenant: TenantId, terminal: string): string | null =>
        directory.facts(tenant, terminal)?.site ?? null;
      ticketRoutes(http, { tickets, desk, providerOf });
      const intake = new Intake({ tickets, desk, site, now: () => clock.now() });
      const losses = new Losses({ desk, site, now: () => clock.now() });
      reportRoutes(http, { desk, intake, losses, site, notes });
      attachmentRoutes(http, { tickets, files, providerOf });
      formRoutes(http, { clock, tickets, providerOf });
      providerRoutes(http, { office, tickets });
      assetRoutes(http, {
        clock,
        assets: deps.assets,
        findings: deps.findings,
        newId: deps.newId,
        tickets,
        providerOf,
        siteOf: (tenant, terminal) => deps.directory.facts(tenant, terminal)?.site ?? null,
      });
      merchantRoutes(http, {
        clock,
        shelf: deps.shelf,
        tickets,
        desk,
        intake,
        losses,
        files,
        emergency: async (tenant, terminal) => {
          const place = site(tenant, terminal);
          return place === null ? null : care.emergency(tenant, place);
        },
        notes,
        randomBytes: deps.randomBytes,
      });
      preventionRoutes(http, { clock, prevention, office });
      calendarRoutes(http, { clock, shelf: deps.shelf, tickets, prevention, office, randomBytes: deps.randomBytes });
      contractRoutes(http, { office });
      thresholdRoutes(http, { office, policy, again: () => reconciler.again() });
      siteCareRoutes(http, { clock, care, registry });
      rolloutRoutes(http, { rollouts });
      statisticsRoutes(http, { clock, tickets, registry });
      outsideRoutes(http, { outside });
      noticeRouteRoutes(http, { switchboard, tickets });
      incidentRoutes(http, { clock, book, holds: deps.holds, outbox: deps.outbox, reconciler, newId: deps.newId });
    },
    jobs: [
      {
        name: 'alerts: reconcile the whole level',
        every: FULL_MS,
        run: leading(async () => {
          await reconciler.again();
          await reconciler.full();
        }),
      },
      { name: 'alerts: learn from ended tickets', every: HOUR_MS, run: () => office.learn() },
      { name: 'alerts: rollouts', every: MINUTE_MS, run: leading(() => rollouts.run()) },
      { name: 'alerts: open checks that are due', every: HOUR_MS, run: leading(() => prevention.openAll()) },
      {
        name: 'alerts: forget effects done long ago',
        every: DAY_MS,
        run: leading(async () => {
          await runner.trim();
        }),
      },
    ],
  };
}
