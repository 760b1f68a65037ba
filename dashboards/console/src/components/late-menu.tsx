import { ActionIcon, type ActionIconProps } from '@mantine/core';
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';

interface Props {
  readonly label: string;
  readonly icon: ReactNode;
  /** Loads the menu, a module's default export: it is given its button and is open when it first appears. */
  load(): Promise<{ default: ComponentType<{ target: ReactNode }> }>;
}

const LOOK: ActionIconProps = { variant: 'subtle', color: 'gray', size: 'lg' };

/** A button in the header whose menu is fetched when somebody is about to open it: menus, and what places them, weigh more than a page. */
export function LateMenu({ label, icon, load }: Props) {
  const [Opened] = useState(() => lazy(load));
  const [wanted, setWanted] = useState(false);
  const ahead = () => void load();
  const button = (
    <ActionIcon
      {...LOOK}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={ahead}
      onFocus={ahead}
      onClick={() => setWanted(true)}
    >
      {icon}
    </ActionIcon>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <Opened
        target={
          <ActionIcon {...LOOK} aria-label={label}>
            {icon}
          </ActionIcon>
        }
      />
    </Suspense>
  );
}
