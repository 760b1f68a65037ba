import type { operations } from './schema.gen.ts';

/** What the API answers, by operation; all taken from the OpenAPI document. */
type Answer<O extends keyof operations> = operations[O] extends {
  responses: { 200: { content: { 'application/json': infer T } } };
}
  ? T
  : never;

export type PlatformStatus = Answer<'getStatus'>;
export type FleetView = Answer<'getFleet'>;
export type TerminalRow = Answer<'listTerminals'>['items'][number];
export type TerminalPage = Answer<'getTerminal'>;
export type FindingView = TerminalPage['findings'][number];
export type TicketView = TerminalPage['tickets'][number];
export type SiteView = Answer<'listSites'>['items'][number];
export type SitePage = Answer<'getSite'>;
export type Group = SiteView['group'];
export type HealthCounts = Group['health'];
export type HealthWord = TerminalRow['health'];
export type EventView = Answer<'listEvents'>['items'][number];
export type TicketSummary = Answer<'listTickets'>['items'][number];
export type TicketAnswer = Answer<'getTicket'>;
export type Ticket = TicketAnswer['ticket'];
export type DeadLetter = Answer<'listDeadLetters'>['items'][number];
export type Incident = Answer<'listIncidents'>['items'][number];
export type Hold = Answer<'listHolds'>['items'][number];
export type EffectView = Answer<'listEffects'>['items'][number];
export type TerminalFilters = NonNullable<operations['listTerminals']['parameters']['query']>;
export type TicketFilters = NonNullable<operations['listTickets']['parameters']['query']>;
export type SiteFilters = NonNullable<operations['listSites']['parameters']['query']>;
export type TicketEvent = operations['sendTicketEvent']['requestBody']['content']['application/json']['event'];
export type Rollout = Answer<'listRollouts'>['items'][number];
export type Statistics = Answer<'getStatistics'>;
export type Provider = Answer<'listProviders'>['items'][number];
export type Plan = Answer<'listPlans'>['items'][number];
export type NoticeRoute = Answer<'listNoticeRoutes'>['items'][number];
export type Round = Answer<'listRounds'>['items'][number];
export type Part = Answer<'listParts'>['items'][number];
export type Asset = Answer<'listAssets'>['items'][number];
export type MerchantPage = Answer<'merchantPage'>;
export type MerchantTicket = MerchantPage['tickets'][number];
export type MerchantEvent = operations['merchantEvent']['requestBody']['content']['application/json']['event'];
export type ModelQuality = Answer<'getModelQuality'>;
export type User = Answer<'listUsers'>['items'][number];
export type AuditEntry = Answer<'listAudit'>['items'][number];
export type Session = Answer<'getSession'>;
export type ApiToken = Answer<'listTokens'>['items'][number];
export type Thresholds = Answer<'getThresholds'>;
export type ServiceContract = Answer<'listServiceContracts'>['items'][number];
