import type { ComponentType, ReactNode } from 'react';

/**
 * PatternFly's compact label by its classes alone. Its component also edits, closes and measures labels: a list shows
 * hundreds of them, and none of that.
 */
export function PlainLabel({
  color,
  Icon,
  isOutline = false,
  children,
}: {
  readonly color: 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'grey' | 'purple';
  readonly Icon: ComponentType;
  readonly isOutline?: boolean;
  readonly children: ReactNode;
}) {
  const look = `${isOutline ? 'pf-m-outline' : 'pf-m-filled'}${color === 'grey' ? '' : ` pf-m-${color}`}`;
  return (
    <span className={`pf-v6-c-label pf-m-compact ${look}`}>
      <span className="pf-v6-c-label__content">
        <span className="pf-v6-c-label__icon">
          <Icon />
        </span>
        <span className="pf-v6-c-label__text">{children}</span>
      </span>
    </span>
  );
}
