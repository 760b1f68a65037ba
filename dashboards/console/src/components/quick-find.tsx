import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** One box to find a terminal from anywhere; `/` puts the cursor there, Enter lists what is found, a ticket's number opens it. */
export function QuickFind({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const find = () => {
    const wanted = text.trim();
    if (wanted === '') return;
    setText('');
    input.current?.blur();
    if (/^tw-\d+$/i.test(wanted)) {
      void navigate({ to: '/t/$tenant/tickets/$ticket', params: { tenant, ticket: wanted.toUpperCase() } });
    } else {
      void navigate({ to: '/t/$tenant/terminals', params: { tenant }, search: { search: wanted } });
    }
  };
  return (
    <form
      style={{ flex: '1 1 120px', maxWidth: 380, minWidth: 90 }}
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <TextInput
        ref={input}
        size="xs"
        type="search"
        aria-label={t('nav.find')}
        placeholder={`${t('nav.find')}  (${t('nav.findHint')})`}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
