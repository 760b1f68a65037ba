import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { Asset, Part } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import { many, num, text, textOrNull } from '../lib/values.ts';
import { modeOptions } from './options.ts';

/** A spare part in the book: how many there are, when to buy, and which faults it mends. */
export function PartForm({ tenant, part, close }: { tenant: string; part?: Part; close(): void }) {
  const { t } = useTranslation();
  const count = (name: keyof Part, usual: number) => String(part?.[name] ?? usual);
  const whole = { kind: 'number', min: 0, step: 1 } as const;
  return (
    <EntryForm
      title={t(part ? 'form.changePart' : 'form.newPart')}
      submit={t('form.save')}
      stale={[[tenant, 'parts']]}
      close={close}
      initial={{
        part: part?.part ?? '',
        name: part?.name ?? '',
        onHand: count('onHand', 0),
        onOrder: count('onOrder', 0),
        reorderPoint: count('reorderPoint', 2),
        reorderQuantity: count('reorderQuantity', 10),
        leadDays: count('leadDays', 7),
        unitCost: part ? (part.unitCost / 100).toFixed(2) : '0.00',
        mends: part?.mends ?? [],
      }}
      fields={[
        { name: 'part', label: t('form.id'), kind: 'text', fixed: part !== undefined },
        { name: 'name', label: t('form.name'), kind: 'text' },
        { name: 'onHand', label: t('stock.onHand'), ...whole },
        { name: 'onOrder', label: t('stock.onOrder'), ...whole },
        { name: 'reorderPoint', label: t('stock.reorder'), ...whole },
        { name: 'reorderQuantity', label: t('form.reorderQuantity'), ...whole },
        { name: 'leadDays', label: t('stock.lead'), ...whole },
        { name: 'unitCost', label: t('form.unitCost'), kind: 'number', min: 0, step: 0.01 },
        { name: 'mends', label: t('stock.mends'), kind: 'many', options: modeOptions(t) },
      ]}
      save={(values) =>
        answer(
          api.PUT('/api/v1/tenants/{tenant}/parts/{part}', {
            params: { path: { tenant, part: text(values, 'part') } },
            body: {
              name: text(values, 'name'),
              onHand: num(values, 'onHand'),
              onOrder: num(values, 'onOrder'),
              reorderPoint: num(values, 'reorderPoint'),
              reorderQuantity: num(values, 'reorderQuantity'),
              leadDays: num(values, 'leadDays'),
              unitCost: Math.round(num(values, 'unitCost') * 100),
              mends: many(values, 'mends'),
            },
          }),
        )
      }
    />
  );
}

const STATES = ['stock', 'installed', 'retired'] as const;

/** A device in the book: a spare or loaner of the pool, or a merchant's own. */
export function AssetForm({ tenant, close }: { tenant: string; close(): void }) {
  const { t } = useTranslation();
  return (
    <EntryForm
      title={t('form.newAsset')}
      submit={t('form.save')}
      stale={[[tenant, 'assets']]}
      close={close}
      initial={{ owner: 'pool', state: 'stock', custodian: 'warehouse' }}
      fields={[
        { name: 'asset', label: t('terminal.serial'), kind: 'text' },
        { name: 'model', label: t('column.model'), kind: 'text' },
        {
          name: 'owner',
          label: t('form.owner'),
          kind: 'choice',
          options: (['pool', 'merchant'] as const).map((value) => ({ value, label: t(`form.owners.${value}`) })),
        },
        {
          name: 'state',
          label: t('tickets.state'),
          kind: 'choice',
          options: STATES.map((value) => ({ value, label: t(`stock.state.${value}`) })),
        },
        { name: 'custodian', label: t('stock.custodian'), kind: 'text' },
        { name: 'terminal', label: t('column.terminal'), kind: 'text', optional: true },
        { name: 'boughtOn', label: t('terminal.bought'), kind: 'day', optional: true },
        { name: 'warrantyUntil', label: t('terminal.warranty'), kind: 'day', optional: true },
      ]}
      save={(values) =>
        answer(
          api.PUT('/api/v1/tenants/{tenant}/assets/{asset}', {
            params: { path: { tenant, asset: text(values, 'asset') } },
            body: {
              model: text(values, 'model'),
              owner: text(values, 'owner') as Asset['owner'],
              state: text(values, 'state') as (typeof STATES)[number],
              custodian: text(values, 'custodian'),
              terminal: textOrNull(values, 'terminal'),
              boughtOn: textOrNull(values, 'boughtOn'),
              warrantyUntil: textOrNull(values, 'warrantyUntil'),
            },
          }),
        )
      }
    />
  );
}
