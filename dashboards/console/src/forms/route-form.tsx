import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { operations } from '../api/schema.gen.ts';
import type { NoticeRoute } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import { clock, fieldClockOr, lines, many, text, yes } from '../lib/values.ts';
import { componentOptions, HERE, languageOptions, severityOptions } from './options.ts';

type Body = operations['putNoticeRoute']['requestBody']['content']['application/json'];
type Channel = Body['channels'][number];
const CHANNELS = ['email', 'webhook', 'slack', 'teams', 'wecom', 'dingtalk', 'feishu', 'alertmanager'] as const;

/** Who is told of what, where, in which language, and when not. Secrets are never read back: changing a route asks for them anew. */
export function RouteForm({ tenant, route, close }: { tenant: string; route?: NoticeRoute; close(): void }) {
  const { t } = useTranslation();
  return (
    <EntryForm
      title={t(route ? 'form.changeRoute' : 'form.newRoute')}
      about={route ? t('form.routeAgain') : undefined}
      submit={t('form.save')}
      stale={[[tenant, 'notice-routes']]}
      close={close}
      initial={{
        id: route?.id ?? '',
        audience: route?.audience ?? 'operator',
        channel: 'email',
        to: '',
        secret: '',
        severities: route?.severities ?? ['critical', 'warning'],
        components: route?.components ?? [],
        sites: route?.sites.join('\n') ?? '',
        language: route?.language ?? 'en',
        quietFrom: fieldClockOr(route?.quiet?.from),
        quietTo: fieldClockOr(route?.quiet?.to),
        exceptCritical: route?.quiet?.exceptCritical ?? true,
        active: route?.active ?? true,
      }}
      fields={[
        { name: 'id', label: t('form.id'), kind: 'text', help: t('form.slug'), fixed: route !== undefined },
        {
          name: 'audience',
          label: t('form.audience'),
          kind: 'choice',
          options: (['operator', 'provider', 'merchant'] as const).map((value) => ({
            value,
            label: t(`waiting.${value}`),
          })),
        },
        {
          name: 'channel',
          label: t('form.channel'),
          kind: 'choice',
          options: CHANNELS.map((value) => ({ value, label: t(`form.channels.${value}`) })),
        },
        { name: 'to', label: t('form.to'), kind: 'lines', help: t('form.toHelp') },
        { name: 'secret', label: t('form.secret'), kind: 'password', optional: true, help: t('form.secretHelp') },
        { name: 'severities', label: t('tickets.severity'), kind: 'many', options: severityOptions(t) },
        {
          name: 'components',
          label: t('tickets.component'),
          kind: 'many',
          options: componentOptions(t),
          help: t('form.noneIsAll'),
        },
        { name: 'sites', label: t('nav.sites'), kind: 'lines', optional: true, help: t('form.noneIsAll') },
        { name: 'language', label: t('nav.language'), kind: 'choice', options: languageOptions() },
        { name: 'quietFrom', label: t('form.quietFrom'), kind: 'clock', optional: true },
        { name: 'quietTo', label: t('form.quietTo'), kind: 'clock', optional: true },
        { name: 'exceptCritical', label: t('form.exceptCritical'), kind: 'yes' },
        { name: 'active', label: t('form.active'), kind: 'yes' },
      ]}
      save={(values) => {
        const from = clock(values, 'quietFrom');
        const to = clock(values, 'quietTo');
        return answer(
          api.PUT('/api/v1/tenants/{tenant}/notice-routes/{route}', {
            params: { path: { tenant, route: text(values, 'id') } },
            body: {
              active: yes(values, 'active'),
              audience: text(values, 'audience') as Body['audience'],
              channels: channelsOf(text(values, 'channel'), lines(values, 'to'), text(values, 'secret')),
              severities: many<Body['severities'][number]>(values, 'severities'),
              components: many<Body['components'][number]>(values, 'components'),
              sites: lines(values, 'sites'),
              providers: [...(route?.providers ?? [])],
              templates: [...(route?.templates ?? [])],
              language: text(values, 'language') as Body['language'],
              quiet:
                from === null || to === null
                  ? null
                  : {
                      from,
                      to,
                      timezone: route?.quiet?.timezone ?? HERE,
                      exceptCritical: yes(values, 'exceptCritical'),
                    },
            },
          }),
        );
      }}
    />
  );
}

function channelsOf(kind: string, to: string[], secret: string): Channel[] {
  switch (kind) {
    case 'email':
      return [{ type: 'email', to }];
    case 'webhook':
      return to.map((url) => ({ type: 'webhook', url, secret }));
    case 'alertmanager':
      return to.map((url) => ({ type: 'alertmanager', url }));
    default:
      return to.map((url) => ({
        type: 'chat',
        flavour: kind as Extract<Channel, { type: 'chat' }>['flavour'],
        url,
        ...(secret ? { secret } : {}),
      }));
  }
}
