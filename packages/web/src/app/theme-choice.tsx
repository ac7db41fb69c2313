import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import SystemIcon from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import DarkIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import LightIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { useState } from 'react';
import { chooseTheme, storedTheme, type Theme } from './theme.js';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICON = { system: SystemIcon, light: LightIcon, dark: DarkIcon } as const;
const WORD = { system: 'as the system', light: 'light', dark: 'dark' } as const;

/** One button through system, light and dark: three choices do not need a menu. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(storedTheme);
  const Icon = ICON[theme];
  const label = `Theme: ${WORD[theme]}. Change to ${WORD[NEXT[theme]]}`;
  return (
    <Button
      variant="plain"
      aria-label={label}
      title={label}
      icon={<Icon />}
      onClick={() => {
        chooseTheme(NEXT[theme]);
        setTheme(NEXT[theme]);
      }}
    />
  );
}
