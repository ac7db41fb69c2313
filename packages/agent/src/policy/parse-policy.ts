import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';

export type ParamValue = number | string | boolean;

export interface Policy {
  readonly params: Readonly<Record<string, Readonly<Record<string, ParamValue>>>>;
  readonly disabled: readonly string[];
}

/** What a policy may speak of: the controls and the defaults of their parameters. */
export interface PolicySubject {
  readonly id: string;
  readonly params: Readonly<Record<string, { readonly default: ParamValue }>>;
}

/** A policy is written by a person: larger is a mistake. */
export const POLICY_BYTES_MAX = 256 * 1024;

/** `file` is only for messages: `policy.yaml:3: there is no control MOM-TLS-999`. */
export function parsePolicy(text: string, file: string, subjects: readonly PolicySubject[]): Result<Policy> {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX)
    return err(casError('CAS_CONFIG_INVALID', `${file}: larger than ${POLICY_BYTES_MAX} bytes`));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken)
    return err(
      casError(
        'CAS_CONFIG_INVALID',
        `${file}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0] ?? 'not YAML'}`,
      ),
    );
  const reader = new PolicyReader(lines, new Map(subjects.map((subject) => [subject.id, subject])));
  const policy = reader.read(document.contents);
  const [fault] = reader.faults;
  return fault ? err(casError('CAS_CONFIG_INVALID', `${file}:${fault}`)) : ok(policy);
}

class PolicyReader {
  readonly faults: string[] = [];

  constructor(
    private readonly lines: LineCounter,
    private readonly subjects: ReadonlyMap<string, PolicySubject>,
  ) {}

  read(root: unknown): Policy {
    const params: Record<string, Record<string, ParamValue>> = {};
    const disabled: string[] = [];
    if (!isMap(root)) {
      this.#fault(root, 'a policy is a mapping with "version: 1", "params" and "disabled"');
      return { params, disabled };
    }
    if (root.get('version') !== 1) this.#fault(root, 'a policy begins with "version: 1"');
    for (const { key, value } of this.#members(root)) {
      if (key.text === 'version') continue;
      if (key.text === 'params' && isMap(value)) this.#params(value, params);
      else if (key.text === 'disabled' && isSeq(value))
        for (const item of value.items) this.#disabled(item, disabled);
      else
        this.#fault(key.node, `"${key.text}" is not one of version, params (a mapping), disabled (a list)`);
    }
    return { params, disabled };
  }

  #params(map: YAMLMap, params: Record<string, Record<string, ParamValue>>): void {
    for (const { key, value } of this.#members(map)) {
      const subject = this.subjects.get(key.text);
      if (!subject) this.#fault(key.node, `there is no control ${key.text}`);
      else if (!isMap(value))
        this.#fault(key.node, `${key.text}: the parameters are a mapping of name to value`);
      else params[key.text] = this.#values(subject, value);
    }
  }

  #values(subject: PolicySubject, map: YAMLMap): Record<string, ParamValue> {
    const values: Record<string, ParamValue> = {};
    for (const { key, value } of this.#members(map)) {
      const param = Object.hasOwn(subject.params, key.text) ? subject.params[key.text] : undefined;
      const given = isScalar(value) ? value.value : undefined;
      const names = Object.keys(subject.params).join(', ') || 'none';
      if (!param) this.#fault(key.node, `${subject.id} has no parameter "${key.text}" (it has: ${names})`);
      else if (typeof given !== typeof param.default)
        this.#fault(key.node, `${subject.id} ${key.text}: wanted a ${typeof param.default}`);
      else values[key.text] = given as ParamValue;
    }
    return values;
  }

  #disabled(item: unknown, disabled: string[]): void {
    const id = isScalar(item) ? String(item.value) : '';
    if (this.subjects.has(id)) disabled.push(id);
    else this.#fault(item, `there is no control "${id}"`);
  }

  #members(map: YAMLMap): { key: { text: string; node: unknown }; value: unknown }[] {
    return map.items.map(({ key, value }) => ({
      key: { text: isScalar(key) ? String(key.value) : '', node: key },
      value,
    }));
  }

  #fault(node: unknown, what: string): void {
    const range =
      typeof node === 'object' && node !== null && 'range' in node
        ? (node.range as [number] | undefined)
        : undefined;
    this.faults.push(`${range ? this.lines.linePos(range[0]).line : 1}: ${what}`);
  }
}
