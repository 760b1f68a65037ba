/** Where data about people is kept, and for how long. `docs/security.md` shows this list. */
export interface PersonalField {
  readonly table: string;
  /** Columns, and for JSON the names inside. */
  readonly fields: string;
  readonly whose: 'merchant' | 'staff' | 'user';
  readonly kept: string;
}

export const PERSONAL_FIELDS: readonly PersonalField[] = [
  { table: 'site', fields: 'contact, address, name', whose: 'merchant', kept: 'while the site is in the registry' },
  {
    table: 'ticket',
    fields: 'body: report.contact, report.merchant, report.symptom, deactivation.contact, acceptance.by, rating',
    whose: 'merchant',
    kept: 'with the archive of tickets, until erased',
  },
  {
    table: 'ticket_history',
    fields: 'text, why, data: what people wrote and signed',
    whose: 'merchant',
    kept: 'with the archive of tickets, until erased',
  },
  {
    table: 'alerts_file',
    fields: 'bytes: photos and files of a ticket',
    whose: 'merchant',
    kept: 'as long as the ticket; not searched by text, deleted where the ticket has what is to be erased',
  },
  {
    table: 'alerts_outbox',
    fields: 'payload: recipients and words of notices',
    whose: 'merchant',
    kept: 'until erased; what was sent is beyond our reach',
  },
  {
    table: 'alerts_document',
    fields: 'body: providers’ people and contacts, routes of notices',
    whose: 'staff',
    kept: 'while the provider or route is entered',
  },
  { table: 'asset', fields: 'body: custodian', whose: 'merchant', kept: 'while the device is on the books' },
  {
    table: 'asset_custody',
    fields: 'body: who had the device',
    whose: 'merchant',
    kept: 'while the device is on the books, until erased',
  },
  { table: 'account', fields: 'username, oidc_subject', whose: 'user', kept: 'until the account is removed' },
  { table: 'session', fields: 'username', whose: 'user', kept: 'until it ends, 12 hours at the most by default' },
  { table: 'audit', fields: 'who, address', whose: 'user', kept: 'for good: it is evidence, and cannot be changed' },
];
