import { useNow } from '../lib/clock.ts';
import { ago, moment } from '../lib/format.ts';

/** A moment relative to now; the full time is in its tooltip. */
export function When({ at }: { at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}
