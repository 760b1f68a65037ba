import { Button, Group, Menu, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { commandsQuery, historyQuery } from '../api/more-queries.ts';
import { keys } from '../api/queries.ts';
import type { TerminalPage } from '../api/types.ts';
import { Empty } from './state.tsx';
import { When } from './when.tsx';

const COMMANDS = ['self_test', 'print_test_page', 'reboot', 'collect_log'] as const;
type Action = (typeof COMMANDS)[number] | 'report' | 'accept' | 'move' | 'swap' | 'lock' | 'unlock' | 'retire';
const GRAVE: ReadonlySet<Action> = new Set(['lock', 'retire', 'reboot', 'swap']);

/** What can be done with a terminal as it stands: the fitting next thing as a button, the rest behind a menu, each confirmed. */
export function TerminalActions({ tenant, page }: { tenant: string; page: TerminalPage }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Action | null>(null);
  const { lifecycle } = page.facts;
  const registry: Action[] = [
    ...(lifecycle === 'pending' ? (['accept'] as const) : []),
    ...(lifecycle === 'retired' ? [] : (['move', 'swap'] as const)),
    ...(lifecycle === 'locked' ? (['unlock'] as const) : lifecycle === 'retired' ? [] : (['lock'] as const)),
    ...(lifecycle === 'retired' ? [] : (['retire'] as const)),
  ];
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={() => setChosen('report')}>
        {t('terminal.newReport')}
      </Button>
      {lifecycle === 'pending' && (
        <Button size="xs" onClick={() => setChosen('accept')}>
          {t('action.accept')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            {t('action.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {COMMANDS.map((action) => (
            <Menu.Item key={action} onClick={() => setChosen(action)}>
              {t(`action.${action}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {registry.map((action) => (
            <Menu.Item key={action} color={GRAVE.has(action) ? 'red' : undefined} onClick={() => setChosen(action)}>
              {t(`action.${action}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={chosen ? t(`action.${chosen}`) : ''}
        closeButtonProps={{ 'aria-label': t('tickets.cancel') }}
      >
        {chosen && (
          <ActionForm key={chosen} tenant={tenant} page={page} action={chosen} close={() => setChosen(null)} />
        )}
      </Modal>
    </Group>
  );
}

function ActionForm({
  tenant,
  page,
  action,
  close,
}: {
  tenant: string;
  page: TerminalPage;
  action: Action;
  close(): void;
}) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { terminal } = page.facts;
  const [text, setText] = useState(action === 'accept' || action === 'move' ? (page.facts.site ?? '') : '');
  const [contact, setContact] = useState('');
  const asks = { report: 'symptom', accept: 'site', move: 'site', swap: 'replacement' }[action as string];
  const send = useMutation({
    mutationFn: () =>
      perform(tenant, terminal, action, text.trim(), contact.trim(), i18n.language === 'zh' ? 'zh' : 'en'),
    onSuccess: (ticket) => {
      close();
      void client.invalidateQueries({ queryKey: keys.terminal(tenant, terminal) });
      if (ticket) void navigate({ to: '/t/$tenant/tickets/$ticket', params: { tenant, ticket } });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t(`action.about.${action}`, { id: terminal })}</Text>
        {asks === 'symptom' ? (
          <>
            <Textarea
              label={t('field.symptom')}
              required
              minLength={3}
              autosize
              minRows={3}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <TextInput
              label={t('field.contact')}
              value={contact}
              onChange={(event) => setContact(event.currentTarget.value)}
            />
          </>
        ) : (
          asks && (
            <TextInput
              label={t(`action.${asks}`)}
              required
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )
        )}
        {send.error && (
          <Text size="sm" c="var(--health-critical)" role="alert">
            {t('tickets.failed', { why: send.error.message })}
          </Text>
        )}
        <Group gap="sm">
          <Button type="submit" loading={send.isPending} color={GRAVE.has(action) ? 'red' : undefined}>
            {t(`action.${action}`)}
          </Button>
          <Button variant="subtle" onClick={close}>
            {t('tickets.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Does one thing; answers the id of the ticket that it opened, if it did. */
async function perform(
  tenant: string,
  terminal: string,
  action: Action,
  text: string,
  contact: string,
  language: 'en' | 'zh',
): Promise<string | null> {
  const params = { path: { tenant, terminal } };
  switch (action) {
    case 'report': {
      const body = { terminal, symptom: text, language, ...(contact ? { contact } : {}) };
      const opened = await answer(api.POST('/api/v1/tenants/{tenant}/reports', { params: { path: { tenant } }, body }));
      return opened.ticket.id;
    }
    case 'accept':
      await answer(
        api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/accept', { params, body: text ? { site: text } : {} }),
      );
      return null;
    case 'move':
      await answer(api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/move', { params, body: { site: text } }));
      return null;
    case 'swap':
      await answer(
        api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/swap', { params, body: { replacement: text } }),
      );
      return null;
    case 'lock':
      await answer(api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/lock', { params }));
      return null;
    case 'unlock':
      await answer(api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/unlock', { params }));
      return null;
    case 'retire':
      await answer(api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/retire', { params }));
      return null;
    default:
      await answer(
        api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/commands', { params, body: { name: action } }),
      );
      return null;
  }
}

/** What was sent to a terminal and what became of it, and what operators did to its entry. */
export function TerminalRecord({ tenant, terminal }: { tenant: string; terminal: string }) {
  const { t } = useTranslation();
  const commands = useQuery(commandsQuery(tenant, terminal)).data?.items ?? [];
  const history = useQuery(historyQuery(tenant, terminal)).data?.items ?? [];
  return (
    <section className="card" aria-labelledby="record">
      <h2 id="record" style={{ fontSize: '1.1rem' }}>
        {t('action.record')}
      </h2>
      {commands.length === 0 && history.length === 0 && <Empty>{t('action.recordNone')}</Empty>}
      <ul className="rows">
        {commands.map((one) => (
          <li key={one.id} style={{ padding: '6px 0' }}>
            <Text size="sm" component="span" fw={600}>
              {t(`action.${one.name}`, { defaultValue: one.name })}
            </Text>{' '}
            <Text size="sm" component="span" className="muted">
              {t(`action.state.${one.state}`)} {one.detail ?? ''} · <When at={one.resultAt ?? one.sentAt} />
            </Text>
          </li>
        ))}
        {history.map((one) => (
          <li key={`${one.at}${String(one.change.kind)}`} style={{ padding: '6px 0' }}>
            <Text size="sm" component="span" fw={600}>
              {t(`action.${String(one.change.kind)}`, { defaultValue: String(one.change.kind) })}
            </Text>{' '}
            <Text size="sm" component="span" className="muted">
              {one.by} · {t(`lifecycle.${one.from}`)} → {t(`lifecycle.${one.to}`)} · <When at={one.at} />
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
