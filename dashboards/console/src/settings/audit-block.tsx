import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { auditQuery } from '../api/more-queries.ts';
import type { AuditEntry } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { When } from '../components/when.tsx';

/** Who changed what, newest first: the last two hundred entries of the audit trail. */
export function AuditBlock() {
  const { t } = useTranslation();
  const query = useQuery(auditQuery);
  const columns: PlainColumn<AuditEntry>[] = [
    { head: t('field.at'), cell: (one) => <When at={one.at} />, text: (one) => new Date(one.at).toISOString() },
    { head: t('field.who'), cell: (one) => <b>{one.who}</b>, text: (one) => one.who },
    { head: t('field.action'), cell: (one) => one.action, text: (one) => one.action },
    { head: t('audit.subject'), cell: (one) => one.subject, text: (one) => one.subject },
    { head: t('field.outcome'), cell: (one) => one.outcome, text: (one) => one.outcome },
    { head: t('audit.via'), cell: (one) => one.via, text: (one) => one.via },
    { head: t('sites.address'), cell: (one) => one.address, text: (one) => one.address },
  ];
  return (
    <Block
      title={t('settings.audit')}
      help={t('audit.help')}
      none={t('audit.none')}
      name="audit"
      query={query}
      columns={columns}
      idOf={(one) => String(one.seq)}
    />
  );
}
