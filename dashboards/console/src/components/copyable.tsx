import { Code, CopyButton, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Text that is to be used elsewhere, with a button that copies it. */
export function Copyable({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <div style={{ position: 'relative', marginTop: 6 }}>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', paddingInlineEnd: 36 }}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'first.copied' : 'first.copy')}>
            <UnstyledButton
              onClick={copy}
              aria-label={t('first.copy')}
              style={{ position: 'absolute', top: 8, insetInlineEnd: 8 }}
            >
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </UnstyledButton>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
