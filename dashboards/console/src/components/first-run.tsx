import { Code, Loader, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PlatformStatus } from '../api/types.ts';
import { Copyable } from './copyable.tsx';

/** Shown where no terminal has ever spoken: how to let one speak, ready to copy. */
export function FirstRun({ status, tenant = 'demo' }: { status: PlatformStatus | undefined; tenant?: string }) {
  const { t } = useTranslation();
  const url = status?.mqtt?.url ?? 'mqtt://127.0.0.1:1883';
  const { host, port } = hostOf(url);
  const topic = `pos/v1/${tenant}/my-terminal`;
  const ts = '"ts":\'$(date +%s000)\',"boot":"b1"';
  const birth = `mosquitto_pub -h ${host} -p ${port} -q 1 -r -t ${topic}/birth \\\n  -m '{${ts},"seq":0,"serial":"SN-1","model":"T1","firmware":"1.0.0","site":"my-shop"}'`;
  const heartbeat = `mosquitto_pub -h ${host} -p ${port} -q 1 -t ${topic}/heartbeat \\\n  -m '{${ts},"seq":1,"battery":{"soc_pct":87,"status":"discharging"},"printer":{"state":"ok"},"network":{"bearer":"lte","rsrp_dbm":-95}}'`;
  return (
    <section className="card" style={{ maxWidth: 820, margin: '24px auto' }} aria-labelledby="first-run">
      <Title order={1} id="first-run">
        {t('first.title')}
      </Title>
      <Text mt={8}>{t('first.body')}</Text>
      <Title order={2} mt={20}>
        {t('first.connect')}
      </Title>
      <Text mt={6}>{t('first.broker', { url })}</Text>
      <Copyable text={birth} />
      <Text mt={10}>{t('first.heartbeat')}</Text>
      <Copyable text={heartbeat} />
      <Text mt={10} size="sm" className="muted">
        {t('first.contract')}
      </Text>
      <Text mt={16} size="sm" role="status" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <Loader size={14} aria-hidden /> {t('first.waiting')}
      </Text>
      <Text mt={16} size="sm">
        {t('first.demo')} <Code>npm start</Code>
      </Text>
    </section>
  );
}

function hostOf(url: string): { host: string; port: string } {
  const match = /^\w+:\/\/([^:/]+)(?::(\d+))?/.exec(url);
  return { host: match?.[1] ?? '127.0.0.1', port: match?.[2] ?? '1883' };
}
