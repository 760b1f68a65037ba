import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language, setLanguage } from '../i18n/index.ts';

/** The languages, each in its own words. */
export default function LanguageMenu({ target }: { target: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <Menu position="bottom-end" defaultOpened returnFocus>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            fw={i18n.language === language ? 700 : 400}
            onClick={() => void setLanguage(language)}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
