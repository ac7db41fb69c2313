import { assert } from '@castellan/shared/base/assert';
import { Severity } from '@castellan/shared/model/severity-schema';
import { ControlId } from '@castellan/shared/model/verdict';
import { matchesQuery } from '@castellan/shared/search/match';
import { parseQuery } from '@castellan/shared/search/parse';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { OWN_CONTROLS, type OwnControl } from '../domain/own-controls.js';
import { catalogueJson } from '../generated/catalogue.js';

const RemediationParam = Type.Object({
  kind: Type.Unsafe<'text' | 'number' | 'boolean' | 'secret'>(
    Type.String({ enum: ['text', 'number', 'boolean', 'secret'] }),
  ),
  required: Type.Boolean(),
  default: Type.Optional(Type.String()),
  text: Type.String(),
  oneOf: Type.Optional(Type.Array(Type.String())),
});

export const CatalogueControl = Type.Object({
  id: ControlId,
  slug: Type.String(),
  title: Type.String(),
  severity: Severity,
  /** What a failing case may be, when it is not always the same. */
  severities: Type.Optional(Type.Array(Severity)),
  subject: Type.String(),
  remediation: Type.Union([Type.String(), Type.Null()]),
  /** What mends some of its cases. */
  otherRemediations: Type.Optional(Type.Array(Type.String())),
  sources: Type.Array(Type.String()),
  params: Type.Record(Type.String(), Type.Unknown()),
  doc: Type.String(),
});
export type CatalogueControl = Static<typeof CatalogueControl>;

export const CatalogueRemediation = Type.Object({
  slug: Type.String(),
  title: Type.String(),
  fixes: Type.Array(Type.String()),
  risk: Type.String(),
  params: Type.Record(Type.String(), RemediationParam),
  doc: Type.Optional(Type.String()),
});
export type CatalogueRemediation = Static<typeof CatalogueRemediation>;

const CatalogueFile = Type.Object({
  schema: Type.Literal('castellan.catalogue/1'),
  controls: Type.Array(CatalogueControl),
  remediations: Type.Array(CatalogueRemediation),
});

/** What the agents of this version can judge and mend, and what the server judges itself. */
export interface Catalogue {
  readonly controls: readonly CatalogueControl[];
  readonly remediations: readonly CatalogueRemediation[];
}

/** The catalogue that came with this program. A file that does not fit is our own fault: the build made it. */
export function readCatalogue(value: unknown = catalogueJson): Catalogue {
  const file = Compile(CatalogueFile);
  if (file.Check(value)) return { ...value, controls: [...value.controls, ...ownControls()] };
  const first = file.Errors(value)[0];
  assert(false, `generated/catalogue.json${first?.instancePath ?? ''}: ${first?.message ?? 'does not fit'}`);
}

/** The server's own controls in the form of the others: nothing on a node mends them. */
export function ownControls(): readonly CatalogueControl[] {
  return OWN_CONTROLS.map((control: OwnControl) => ({
    ...control,
    remediation: null,
    sources: [...(control.sources ?? [])],
    params: {},
  }));
}

/** Those that a search finds, in their order: in the id, title, subject, slug, remediation and page. Throws QueryError. */
export function searchControls(
  controls: readonly CatalogueControl[],
  text = '',
): readonly CatalogueControl[] {
  if (text.trim() === '') return controls;
  const query = parseQuery(text);
  return controls.filter(({ id, slug, title, subject, severity, remediation, sources, doc }) =>
    matchesQuery(query, {
      text: [id, slug, title, subject, severity, remediation ?? '', ...sources, doc],
      fields: { control: id, title, subject, severity, remediation: remediation ?? '' },
      asked: text,
    }),
  );
}
