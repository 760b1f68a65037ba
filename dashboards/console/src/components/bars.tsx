import { Text } from '@mantine/core';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What is written at the bar's end. */
  readonly text: string;
  readonly tone?: string;
}

/** Amounts as bars with their names and numbers in text: the picture is only what the numbers look like. */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const most = Math.max(1e-9, ...bars.map((bar) => bar.value));
  return (
    <ul className="bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.name}>
          <Text size="sm" component="span" className="cell" title={bar.name}>
            {bar.name}
          </Text>
          <span className="bartrack" aria-hidden>
            <span
              style={{
                width: `${(100 * bar.value) / most}%`,
                background: bar.tone ?? 'var(--mantine-color-teal-6)',
              }}
            />
          </span>
          <Text size="sm" component="span" ta="end">
            {bar.text}
          </Text>
        </li>
      ))}
    </ul>
  );
}
