import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language, setLanguage } from '../i18n/index.ts';

/** The languages that are not set now, each in its own words: for pages without the console around them. */
export function OtherLanguages() {
  const { i18n } = useTranslation();
  return (Object.keys(LANGUAGES) as Language[])
    .filter((language) => language !== i18n.language)
    .map((language) => (
      <Button
        key={language}
        size="compact-sm"
        variant="subtle"
        lang={language}
        onClick={() => void setLanguage(language)}
      >
        {LANGUAGES[language]}
      </Button>
    ));
}
