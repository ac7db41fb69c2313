/** One field of a form, from a property of a channel's schema. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly isRequired: boolean;
  readonly input:
    | { readonly kind: 'text' | 'long' | 'number' }
    /** One a line. */
    | { readonly kind: 'list' }
    | { readonly kind: 'choice'; readonly choices: readonly string[] };
  /** What stands in it at first. */
  readonly first: string;
}

/** What people typed, by the fields' names. */
export type Typed = Readonly<Record<string, string>>;

/** A text that may be so long has more than one line: a certificate. */
const ONE_LINE_MAX = 4_096;

interface Property {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly maxLength?: number;
}

/** The fields of a JSON Schema as GET /channels gives it: an object of texts, numbers, choices and lists of texts. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Readonly<Record<string, Property>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    title: property.title ?? name,
    help: property.description ?? '',
    isRequired: required.includes(name),
    input: inputOf(property),
    first: property.default === undefined ? '' : String(property.default),
  }));
}

function inputOf({ type, enum: choices, maxLength = 0 }: Property): Field['input'] {
  if (choices) return { kind: 'choice', choices: choices.map(String) };
  if (type === 'array') return { kind: 'list' };
  if (type === 'integer' || type === 'number') return { kind: 'number' };
  return { kind: maxLength > ONE_LINE_MAX ? 'long' : 'text' };
}

/** What a form shows at first: what is set, or what the schema offers. */
export function typedOf(fields: readonly Field[], values: Readonly<Record<string, unknown>>): Typed {
  return Object.fromEntries(
    fields.map(({ name, first }) => {
      const value = values[name];
      if (value === undefined) return [name, first];
      return [name, Array.isArray(value) ? value.join('\n') : String(value)];
    }),
  );
}

/** What is sent: an optional field that is empty is left out. */
export function valuesOf(fields: readonly Field[], typed: Typed): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, input, isRequired }): [string, unknown][] => {
      const text = typed[name] ?? '';
      if (text.trim() === '' && !isRequired) return [];
      if (input.kind === 'number') return [[name, text.trim() === '' ? null : Number(text)]];
      if (input.kind === 'list') return [[name, linesOf(text)]];
      // A certificate keeps its lines; what was pasted into one line loses the blanks around it.
      return [[name, input.kind === 'long' ? text : text.trim()]];
    }),
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Where a target leads, in few words, for a list: the URL, the members, the recipients. */
export function whereOf(settings: Readonly<Record<string, unknown>>): string {
  const first = settings['url'] ?? settings['urls'] ?? settings['to'];
  if (Array.isArray(first)) return first.join(', ');
  return typeof first === 'string' ? first : '';
}
