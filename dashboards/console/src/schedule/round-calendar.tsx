import { Button, Group, Menu, Progress, Text } from '@mantine/core';
import { IconArrowsMove, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { useMay } from '../api/session.tsx';
import type { Provider, Round } from '../api/types.ts';
import { SiteLink } from '../components/finding.tsx';
import { calendarDay, clockIn, duration, number } from '../lib/format.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const DAYS = 7;

interface Target {
  readonly round: string;
  readonly site: string;
  readonly day: number;
  readonly provider: string;
}

/** Rounds as a week's calendar, a row a provider: visits are dragged to another day or provider, or moved by a menu with the keyboard. */
export function RoundCalendar({
  tenant,
  rounds,
  providers,
}: {
  tenant: string;
  rounds: readonly Round[];
  providers: readonly Provider[];
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const today = Math.floor(Date.now() / DAY) * DAY;
  const [first, setFirst] = useState(() => Math.max(today, rounds[0]?.day ?? today));
  const days = Array.from({ length: DAYS }, (_, i) => first + i * DAY);
  const move = useMutation({
    mutationFn: ({ round, ...body }: Target) =>
      answer(api.POST('/api/v1/tenants/{tenant}/rounds/{round}/move', { params: { path: { tenant, round } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: [tenant, 'rounds'] }),
  });
  const book = useMutation({
    mutationFn: (round: string) =>
      answer(api.POST('/api/v1/tenants/{tenant}/rounds/{round}/book', { params: { path: { tenant, round } } })),
    onSettled: () => client.invalidateQueries({ queryKey: [tenant] }),
  });
  const writes = may('rounds:write');
  const told = move.isSuccess ? t('schedule.moved') : book.isSuccess ? t('schedule.booked', book.data) : '';
  return (
    <>
      <Group gap="xs" mb="xs" className="noprint">
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('schedule.earlier')}
          onClick={() => setFirst(first - DAYS * DAY)}
        >
          <IconChevronLeft size={16} aria-hidden />
        </Button>
        <Text size="sm" fw={600} aria-live="polite">
          {calendarDay(days[0]!)} – {calendarDay(days.at(-1)!)}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('schedule.later')}
          onClick={() => setFirst(first + DAYS * DAY)}
        >
          <IconChevronRight size={16} aria-hidden />
        </Button>
        <Text size="sm" role="status" className="muted">
          {told}
        </Text>
      </Group>
      {(move.error ?? book.error) && (
        <Text size="sm" c="var(--health-critical)" role="alert" mb="xs">
          {(move.error ?? book.error)?.message}
        </Text>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="calendar" tabIndex={0} aria-label={t('schedule.calendar')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('tickets.provider')}</th>
              {days.map((day) => (
                <th key={day} scope="col" data-today={day === today || undefined}>
                  {calendarDay(day)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {providers
              .filter((provider) => provider.active)
              .map((provider) => (
                <tr key={provider.id}>
                  <th scope="row">
                    {provider.name}
                    <Text size="xs" className="muted" component="div">
                      {t('settings.load')}: {number(provider.openTickets)} / {number(provider.capacity)}
                    </Text>
                  </th>
                  {days.map((day) => (
                    <DayCell
                      key={day}
                      tenant={tenant}
                      day={day}
                      provider={provider}
                      round={rounds.find((round) => round.provider === provider.id && round.day === day)}
                      days={days}
                      providers={providers}
                      writes={writes}
                      busy={move.isPending || book.isPending}
                      move={(target) => move.mutate(target)}
                      book={(round) => book.mutate(round)}
                    />
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

interface CellProps {
  readonly tenant: string;
  readonly day: number;
  readonly provider: Provider;
  readonly round: Round | undefined;
  readonly days: readonly number[];
  readonly providers: readonly Provider[];
  readonly writes: boolean;
  readonly busy: boolean;
  move(target: Target): void;
  book(round: string): void;
}

const TYPE = 'application/x-tillwatch-visit';

function DayCell(props: CellProps) {
  const { day, provider, round, writes } = props;
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const works = provider.hours[(new Date(day).getUTCDay() + 6) % 7] != null;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [from, site] = event.dataTransfer.getData(TYPE).split('\n');
    if (from && site && from !== round?.id) props.move({ round: from, site, day, provider: provider.id });
  };
  const used = round ? (100 * round.minutes) / provider.minutesPerDay : 0;
  return (
    <td
      data-over={over || undefined}
      data-closed={!works || undefined}
      onDragOver={(event) => {
        if (!works || !event.dataTransfer.types.includes(TYPE)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {!works && !round && (
        <Text size="xs" className="muted">
          {t('schedule.off')}
        </Text>
      )}
      {round && (
        <>
          <Progress
            size={6}
            value={used}
            color={used > 90 ? 'var(--bar-warning)' : 'var(--mantine-color-teal-6)'}
            aria-label={t('schedule.used', {
              used: duration(round.minutes * MINUTE),
              of: duration(provider.minutesPerDay * MINUTE),
            })}
          />
          <Text size="xs" className="muted" mt={2}>
            {t('schedule.used', {
              used: duration(round.minutes * MINUTE),
              of: duration(provider.minutesPerDay * MINUTE),
            })}
          </Text>
          {round.stops.map((stop) => (
            <Visit key={stop.site} {...props} round={round} stop={stop} />
          ))}
          {writes && (
            <Button
              size="compact-xs"
              variant="default"
              mt={4}
              disabled={props.busy}
              aria-label={`${t('schedule.book')}: ${provider.name}, ${calendarDay(day)}`}
              onClick={() => props.book(round.id)}
            >
              {t('schedule.book')}
            </Button>
          )}
        </>
      )}
    </td>
  );
}

function Visit({
  tenant,
  round,
  stop,
  provider,
  providers,
  days,
  writes,
  busy,
  move,
}: CellProps & { round: Round; stop: Round['stops'][number] }) {
  const { t } = useTranslation();
  const to = (day: number, whom: string) => move({ round: round.id, site: stop.site, day, provider: whom });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is the mouse's way; the menu inside does the same by keyboard
    <div
      className="visit"
      draggable={writes && !busy}
      onDragStart={(event) => {
        event.dataTransfer.setData(TYPE, `${round.id}\n${stop.site}`);
        event.dataTransfer.effectAllowed = 'move';
      }}
    >
      <div style={{ display: 'flex', gap: 4 }}>
        <Text size="xs" component="span" style={{ flex: 1 }}>
          <b>{clockIn(stop.from, provider.timezone)}</b> <SiteLink tenant={tenant} site={stop.site} name={stop.name} />
          {stop.pinned && <span className="muted"> · {t('schedule.pinned')}</span>}
        </Text>
        {writes && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button
                className="noprint"
                size="compact-xs"
                variant="subtle"
                px={4}
                disabled={busy}
                aria-label={t('schedule.move', { site: stop.name })}
              >
                <IconArrowsMove size={14} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
              <Menu.Label c="var(--muted)">{t('schedule.toDay')}</Menu.Label>
              {days
                .filter((day) => day !== round.day && provider.hours[(new Date(day).getUTCDay() + 6) % 7] != null)
                .map((day) => (
                  <Menu.Item key={day} onClick={() => to(day, provider.id)}>
                    {calendarDay(day)}
                  </Menu.Item>
                ))}
              {providers.some((one) => one.id !== provider.id && one.active) && (
                <Menu.Label c="var(--muted)">{t('schedule.toProvider')}</Menu.Label>
              )}
              {providers
                .filter((one) => one.id !== provider.id && one.active)
                .map((one) => (
                  <Menu.Item key={one.id} onClick={() => to(round.day, one.id)}>
                    {one.name}
                  </Menu.Item>
                ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <details>
        <summary>
          <Text size="xs" component="span" className="muted">
            {t('schedule.tasks', { count: stop.tasks.length, total: number(stop.tasks.length) })}
          </Text>
        </summary>
        <ul>
          {stop.tasks.map((task) => (
            <li key={`${task.terminal}${task.title}`}>
              {task.terminal}: {task.title}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
