import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export type SearchParams = Readonly<Record<string, string | undefined>>;

interface Props {
  readonly to: string;
  readonly search?: SearchParams;
  readonly children: ReactNode;
}

/** A link inside the console. `to` is a whole path; identifiers in it are safe in a path (letters, digits, dot, dash). */
export function TextLink({ to, search, children }: Props) {
  return (
    <Link to={to} search={search ?? {}} className="cas-link">
      {children}
    </Link>
  );
}

/**
 * A link that looks like a button, because it leads to something that is done. A link with the button's classes, and
 * not a button with a link in it, so that the keyboard's focus survives every redraw.
 */
export function ButtonLink({
  to,
  search,
  children,
  variant,
}: Props & { readonly variant: 'primary' | 'secondary' }) {
  return (
    <Link to={to} search={search ?? {}} className={`pf-v6-c-button pf-m-${variant}`}>
      <span className="pf-v6-c-button__text">{children}</span>
    </Link>
  );
}
