import { Checkbox, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { clockOf, minutesOf, weekday } from '../lib/format.ts';

/** Opening hours of one weekday, minutes after midnight; null: closed. */
export type DayHours = { readonly opens: number; readonly closes: number } | null;

const USUAL: DayHours = { opens: 9 * 60, closes: 18 * 60 };

/** A week's opening hours, Monday first. A time of closing before that of opening is of the next day. */
export function HoursField({
  label,
  value,
  set,
}: {
  label: string;
  value: readonly DayHours[];
  set(value: readonly DayHours[]): void;
}) {
  const { t } = useTranslation();
  const change = (day: number, hours: DayHours) => set(value.map((one, i) => (i === day ? hours : one)));
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" size="sm" fw={500} mb={4}>
        {label}
      </Text>
      {value.map((hours, day) => {
        const name = weekday(day);
        return (
          <div key={name} style={{ display: 'flex', gap: 10, alignItems: 'center', minHeight: 38 }}>
            <Checkbox
              style={{ flex: '1 1 110px' }}
              label={name}
              checked={hours !== null}
              onChange={(event) => change(day, event.currentTarget.checked ? USUAL : null)}
            />
            {hours ? (
              <>
                <Time
                  label={`${name}: ${t('form.opens')}`}
                  value={hours.opens}
                  set={(opens) => change(day, { ...hours, opens })}
                />
                <span aria-hidden>–</span>
                <Time
                  label={`${name}: ${t('form.closes')}`}
                  value={hours.closes % 1440}
                  set={(closes) => change(day, { ...hours, closes: closes <= hours.opens ? closes + 1440 : closes })}
                />
              </>
            ) : (
              <Text size="sm" className="muted">
                {t('sites.closed')}
              </Text>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

function Time({ label, value, set }: { label: string; value: number; set(minutes: number): void }) {
  return (
    <TextInput
      size="xs"
      type="time"
      aria-label={label}
      value={clockOf(value)}
      onChange={(event) => {
        const minutes = minutesOf(event.currentTarget.value);
        if (minutes !== null) set(minutes);
      }}
    />
  );
}
