import type { Verdict } from '@castellan/shared/model/verdict';
import { isOwn } from '../domain/own-controls.js';
import type { Catalogue, CatalogueControl } from './catalogue.js';

export type Admission =
  | { readonly verdict: Verdict }
  | { readonly refused: 'own control' | 'unknown control' };

/** A verdict's schema ends here too (shared/model/verdict.ts). */
const SOURCES_MAX = 16;
const SOURCE_LENGTH_MAX = 512;

const indexes = new WeakMap<Catalogue, ReadonlyMap<string, CatalogueControl>>();

/**
 * A node says what it saw; what a control is called, how bad it is, where it is written and what mends it is the
 * catalogue's to say. A failing case may be as bad as its control declares that its cases can be, and no other.
 */
export function admitVerdict(catalogue: Catalogue, sent: Verdict): Admission {
  if (isOwn(sent.control)) return { refused: 'own control' };
  const control = indexOf(catalogue).get(sent.control);
  if (!control) return { refused: 'unknown control' };
  const isDeclared = sent.status === 'fail' && (control.severities ?? []).includes(sent.severity);
  const { remediation } = sent;
  const isOther = remediation !== null && (control.otherRemediations ?? []).includes(remediation);
  return {
    verdict: {
      ...sent,
      title: control.title.slice(0, 256),
      severity: isDeclared ? sent.severity : control.severity,
      remediation: isOther || remediation === null ? remediation : control.remediation,
      sources: control.sources.slice(0, SOURCES_MAX).map((source) => source.slice(0, SOURCE_LENGTH_MAX)),
    },
  };
}

function indexOf(catalogue: Catalogue): ReadonlyMap<string, CatalogueControl> {
  const known = indexes.get(catalogue);
  if (known) return known;
  const index = new Map(catalogue.controls.map((control) => [control.id as string, control]));
  indexes.set(catalogue, index);
  return index;
}
