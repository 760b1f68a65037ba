import { Checkbox, Group, MultiSelect, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type DayHours, HoursField } from './hours-field.tsx';

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** What a form asks for: how it is written, and what stands in it at first. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  /** `lines`: one entry a line; `clock`: a time of day, kept as minutes after midnight; `share`: per cent, kept as 0–1. */
  readonly kind:
    | 'text'
    | 'long'
    | 'lines'
    | 'number'
    | 'share'
    | 'yes'
    | 'choice'
    | 'many'
    | 'when'
    | 'day'
    | 'clock'
    | 'password'
    | 'hours';
  readonly options?: readonly Option[];
  readonly optional?: boolean;
  readonly help?: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly pattern?: string;
  readonly placeholder?: string;
  /** Shown, but not to be changed: an entry's own name, once it exists. */
  readonly fixed?: boolean;
}

export type FieldValue = string | boolean | readonly string[] | readonly DayHours[];

const TYPES = {
  text: 'text',
  password: 'password',
  number: 'number',
  share: 'number',
  when: 'datetime-local',
  day: 'date',
  clock: 'time',
} as const;

/** One thing asked, with its label and what is wrong with the answer said by the browser before anything is sent. */
export function Field({ field, value, set }: { field: FormField; value: FieldValue; set(value: FieldValue): void }) {
  const common = {
    label: field.label,
    description: field.help,
    required: !field.optional && !field.fixed,
    withAsterisk: false,
    size: 'sm',
    name: field.name,
    placeholder: field.placeholder,
    readOnly: field.fixed,
  } as const;
  switch (field.kind) {
    case 'yes':
      return (
        <Checkbox
          label={field.label}
          description={field.help}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      );
    case 'long':
    case 'lines':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={10}
          minLength={field.min}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...common}
          value={String(value)}
          data={[...(field.options ?? [])]}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'many':
      return (field.options?.length ?? 0) > 8 ? (
        <MultiSelect
          label={field.label}
          description={field.help}
          size="sm"
          searchable
          clearable
          comboboxProps={{ withinPortal: false }}
          data={[...(field.options ?? [])]}
          value={[...(value as readonly string[])]}
          onChange={set}
        />
      ) : (
        <Checkbox.Group
          label={field.label}
          description={field.help}
          value={[...(value as readonly string[])]}
          onChange={set}
        >
          <Group gap="md" mt={4}>
            {field.options?.map((option) => (
              <Checkbox key={option.value} value={option.value} label={option.label} />
            ))}
          </Group>
        </Checkbox.Group>
      );
    case 'hours':
      return <HoursField label={field.label} value={value as readonly DayHours[]} set={set} />;
    default:
      return (
        <TextInput
          {...common}
          type={TYPES[field.kind]}
          min={field.min}
          max={field.max}
          step={field.step ?? (field.kind === 'number' || field.kind === 'share' ? 'any' : undefined)}
          pattern={field.pattern}
          title={field.pattern && field.help}
          autoComplete={field.kind === 'password' ? 'new-password' : 'off'}
          rightSection={field.kind === 'share' ? '%' : undefined}
          aria-label={field.kind === 'share' ? `${field.label}, %` : undefined}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
  }
}
