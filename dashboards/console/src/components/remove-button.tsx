import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Takes one entry of a list away, after asking; says why where it is refused. */
export function RemoveButton({
  label,
  name,
  sure,
  stale,
  remove,
}: {
  label: string;
  /** What is taken away, for those who cannot see the row. */
  name: string;
  sure: string;
  stale: readonly unknown[];
  remove(): Promise<unknown>;
}) {
  const client = useQueryClient();
  const send = useMutation({ mutationFn: remove, onSettled: () => client.invalidateQueries({ queryKey: stale }) });
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        aria-label={`${label}: ${name}`}
        loading={send.isPending}
        onClick={() => {
          if (confirm(sure)) send.mutate();
        }}
      >
        {label}
      </Button>
      {send.error && (
        <Text size="xs" c="var(--health-critical)" role="alert">
          {send.error.message}
        </Text>
      )}
    </>
  );
}
