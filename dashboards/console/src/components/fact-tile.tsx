import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One number with its name and what it is made of. */
export function FactTile({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="card tile">
      <Text size="xs" className="muted">
        {name}
      </Text>
      <b>{value}</b>
      {note && (
        <Text size="xs" className="muted">
          {note}
        </Text>
      )}
    </div>
  );
}
