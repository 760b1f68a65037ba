import { MultiSelect } from '@mantine/core';
import { type CSSProperties, useDeferredValue } from 'react';

/** A filter of several words, kept in the address as one with commas. It is drawn after the list that it filters: its place is kept meanwhile. */
export function FilterSelect({
  label,
  data,
  value,
  style,
  onChange,
}: {
  label: string;
  data: readonly { value: string; label: string }[];
  value: string | undefined;
  style: CSSProperties;
  onChange(value: string | undefined): void;
}) {
  const drawn = useDeferredValue(true, false);
  if (!drawn) return <div style={{ ...style, height: 30 }} />;
  return (
    <MultiSelect
      size="xs"
      aria-label={label}
      placeholder={value ? undefined : label}
      data={[...data]}
      value={value?.split(',') ?? []}
      onChange={(values) => onChange(values.join(',') || undefined)}
      clearable
      searchable={data.length > 8}
      style={style}
    />
  );
}
