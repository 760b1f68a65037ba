import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { assetsQuery, needsQuery, partsQuery } from '../api/more-queries.ts';
import { useMay } from '../api/session.tsx';
import type { Asset, Part } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { Custody } from '../components/custody.tsx';
import { useFaultName } from '../components/finding.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { PageHead } from '../components/state.tsx';
import { When } from '../components/when.tsx';
import { AssetForm, PartForm } from '../forms/stock-forms.tsx';
import { number } from '../lib/format.ts';

/** Parts and spare devices, and what must be bought for the failures foreseen. */
export function StockPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const parts = useQuery(partsQuery(tenant));
  const may = useMay();
  const needs = useQuery({ ...needsQuery(tenant), enabled: may('statistics:read') });
  const assets = useQuery(assetsQuery(tenant));
  type Need = NonNullable<typeof needs.data>['items'][number];
  const faultName = useFaultName();
  const fault = (mode: string) => {
    const [component = '', name = ''] = mode.split('/');
    return faultName(component, name);
  };
  const money = (cents: number) => (cents / 100).toFixed(2);
  const needColumns: PlainColumn<Need>[] = [
    { head: t('field.part'), cell: (one) => <b>{one.name}</b>, text: (one) => one.name },
    {
      head: t('stock.expected'),
      end: true,
      cell: (one) => `${number(one.expected)} (≤ ${number(one.expectedP90)})`,
      text: (one) => one.expected,
    },
    { head: t('stock.onHand'), end: true, cell: (one) => number(one.onHand), text: (one) => one.onHand },
    { head: t('stock.onOrder'), end: true, cell: (one) => number(one.onOrder), text: (one) => one.onOrder },
    { head: t('stock.toBuy'), end: true, cell: (one) => <b>{number(one.toBuy)}</b>, text: (one) => one.toBuy },
    { head: t('field.cost'), end: true, cell: (one) => money(one.cost), text: (one) => money(one.cost) },
  ];
  const partColumns: PlainColumn<Part>[] = [
    { head: t('field.part'), cell: (one) => <b>{one.name}</b>, text: (one) => one.name },
    { head: t('stock.onHand'), end: true, cell: (one) => number(one.onHand), text: (one) => one.onHand },
    { head: t('stock.reorder'), end: true, cell: (one) => number(one.reorderPoint), text: (one) => one.reorderPoint },
    { head: t('stock.onOrder'), end: true, cell: (one) => number(one.onOrder), text: (one) => one.onOrder },
    { head: t('stock.lead'), end: true, cell: (one) => number(one.leadDays), text: (one) => one.leadDays },
    { head: t('stock.mends'), cell: (one) => one.mends.map(fault).join(', '), text: (one) => one.mends.join(' ') },
    {
      head: t('tickets.updated'),
      cell: (one) => <When at={one.updatedAt} />,
      text: (one) => new Date(one.updatedAt).toISOString(),
    },
    {
      head: '',
      end: true,
      cell: (one) => (
        <OpenForm
          right="assets:write"
          change
          label={one.name}
          form={(close) => <PartForm tenant={tenant} part={one} close={close} />}
        />
      ),
    },
  ];
  const assetColumns: PlainColumn<Asset>[] = [
    { head: t('terminal.serial'), cell: (one) => <b>{one.id}</b>, text: (one) => one.id },
    { head: t('column.model'), cell: (one) => one.model, text: (one) => one.model },
    { head: t('tickets.state'), cell: (one) => t(`stock.state.${one.state}`), text: (one) => one.state },
    { head: t('stock.custodian'), cell: (one) => one.custodian, text: (one) => one.custodian },
    {
      head: t('column.terminal'),
      cell: (one) =>
        one.terminal && (
          <Link to="/t/$tenant/terminals/$terminal" params={{ tenant, terminal: one.terminal }}>
            {one.terminal}
          </Link>
        ),
      text: (one) => one.terminal,
    },
    { head: t('terminal.warranty'), cell: (one) => one.warrantyUntil, text: (one) => one.warrantyUntil },
    {
      head: t('tickets.updated'),
      cell: (one) => <When at={one.updatedAt} />,
      text: (one) => new Date(one.updatedAt).toISOString(),
    },
    { head: t('stock.custody'), cell: (one) => <Custody tenant={tenant} asset={one.id} /> },
  ];
  return (
    <>
      <PageHead
        title={t('nav.stock')}
        note={
          parts.data && (
            <>
              {t('when.updated', { when: '' })}
              <When at={parts.dataUpdatedAt} />
            </>
          )
        }
      />
      <div className="grid">
        {may('statistics:read') && (
          <Block
            title={t('stock.needs')}
            help={t('stock.needsHelp')}
            none={t('stock.needsNone')}
            name="part-needs"
            query={needs}
            columns={needColumns}
            idOf={(one) => one.part}
          />
        )}
        <Block
          title={t('stock.parts')}
          none={t('stock.partsNone')}
          name="parts"
          action={
            <OpenForm
              right="assets:write"
              label={t('form.newPart')}
              form={(close) => <PartForm tenant={tenant} close={close} />}
            />
          }
          query={parts}
          columns={partColumns}
          idOf={(one) => one.part}
        />
        <Block
          title={t('stock.assets')}
          none={t('stock.assetsNone')}
          name="devices"
          action={
            <OpenForm
              right="assets:write"
              label={t('form.newAsset')}
              form={(close) => <AssetForm tenant={tenant} close={close} />}
            />
          }
          query={assets}
          columns={assetColumns}
          idOf={(one) => one.id}
        />
      </div>
    </>
  );
}
