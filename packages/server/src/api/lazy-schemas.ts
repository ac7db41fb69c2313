import validatorFactory from '@fastify/ajv-compiler';
import serializerFactory from '@fastify/fast-json-stringify-compiler';
import type { FastifyServerOptions } from 'fastify';

type Factories = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;
type BuildValidator = NonNullable<Factories['buildValidator']>;
type BuildSerializer = NonNullable<Factories['buildSerializer']>;
interface Validator {
  (data: unknown): unknown;
  readonly errors?: unknown;
}

/**
 * Fastify's own compilers, each schema at its first request instead of at the start: compiling all of them is most of what
 * a start costs, and most routes are not asked for soon. That every schema compiles is held by a test (access.test.ts).
 */
export function lazyCompilers(): Factories {
  const validators = validatorFactory() as BuildValidator;
  const serializers = serializerFactory() as BuildSerializer;
  return {
    // Its type has a second form, for schemas of another kind, which nobody asks for here.
    buildValidator: ((schemas: Parameters<BuildValidator>[0], options: Parameters<BuildValidator>[1]) => {
      const compile = validators(schemas, options as never) as unknown as (route: unknown) => Validator;
      return (route: unknown) => lazyValidator(() => compile(route));
    }) as unknown as BuildValidator,
    buildSerializer(schemas, options) {
      const compile = serializers(schemas, options);
      return (route) => {
        let serialize: ReturnType<typeof compile> | undefined;
        return (document) => {
          serialize ??= compile(route);
          return serialize(document);
        };
      };
    },
  };
}

/** What is wrong stands on the function, where Fastify looks for it after `false`. */
function lazyValidator(compile: () => Validator): Validator {
  let validate: Validator | undefined;
  const lazy = (data: unknown) => {
    validate ??= compile();
    const isValid = validate(data);
    Object.assign(lazy, { errors: validate.errors });
    return isValid;
  };
  return lazy;
}
