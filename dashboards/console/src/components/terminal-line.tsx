import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TerminalRow } from '../api/types.ts';
import { chance } from '../lib/forecast-words.ts';
import * as write from '../lib/format.ts';
import { useFaultName } from './finding.tsx';
import { HealthBadge } from './health.tsx';
import { When } from './when.tsx';

interface LineProps {
  readonly tenant: string;
  readonly row: TerminalRow;
  readonly note?: ReactNode;
  /** On a site's own page its name is not said again. */
  readonly atSite?: boolean;
}

/** A terminal in a short list: what it is, what is wrong, and when that was known. */
export function TerminalLine({ tenant, row, note, atSite = false }: LineProps) {
  const { t } = useTranslation();
  const faultName = useFaultName();
  return (
    <Link className="rowlink" to="/t/$tenant/terminals/$terminal" params={{ tenant, terminal: row.terminal }}>
      <span className="head">
        <HealthBadge health={row.health} />
        <span className="id">{row.terminal}</span>
        <Text size="sm" className="muted" component="span">
          {atSite ? row.model : (row.siteName ?? row.site)}
        </Text>
        <Text size="xs" className="muted pushed" component="span">
          {note ?? (row.lastAt === null ? t('freshness.never') : <When at={row.lastAt} />)}
        </Text>
      </span>
      {row.worst && (
        <Text size="sm" component="span" mt={2} lineClamp={2}>
          {faultName(row.worst.component, row.worst.mode)}
          <Text span size="sm" className="muted">
            {' '}
            · {chance(t, write, row.worst)}
            {row.worst.why ? ` · ${row.worst.why}` : ''}
          </Text>
        </Text>
      )}
    </Link>
  );
}
