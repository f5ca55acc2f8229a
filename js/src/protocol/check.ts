// Reads values of unknown type: each check returns what it was given, with its type, or throws.
//
// Objects are copied field by field, so that what comes out holds what its type says and nothing
// else; an optional field that is `null` is left out.

export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

export type Check<T> = (value: unknown, at: string) => T;

type Checked<C> = C extends Check<infer T> ? T : never;

function refuse(at: string, wanted: string): never {
  throw new ProtocolError(`${at} is not ${wanted}`);
}

export const string: Check<string> = (value, at) =>
  typeof value === "string" ? value : refuse(at, "text");

export const boolean: Check<boolean> = (value, at) =>
  typeof value === "boolean" ? value : refuse(at, "true or false");

export const number: Check<number> = (value, at) =>
  typeof value === "number" && Number.isFinite(value) ? value : refuse(at, "a number");

/** A whole number of zero or more: a revision, an offset, a count. */
export const count: Check<number> = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : refuse(at, "a whole number of zero or more");

export function oneOf<const T extends string>(values: readonly T[]): Check<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value, at) => (known.has(value) ? (value as T) : refuse(at, values.join(" or ")));
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, at) => (value === null ? null : check(value, at));
}

/** Values beyond `most` are nonsense rather than data. */
export function list<T>(check: Check<T>, most = Number.POSITIVE_INFINITY): Check<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > most) refuse(at, "a list of a sensible length");
    return value.map((item, i) => check(item, `${at}[${i}]`));
  };
}

export const record: Check<Readonly<Record<string, unknown>>> = (value, at) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : refuse(at, "an object");

type Shape = Readonly<Record<string, Check<unknown>>>;
type Fields<S extends Shape> = { readonly [K in keyof S]: Checked<S[K]> };

/** An object with the fields of `must`, and those of `may` where they are present. */
export function object<M extends Shape, O extends Shape = Record<never, never>>(
  must: M,
  may?: O,
): Check<Fields<M> & Partial<Fields<O>>> {
  const required = Object.entries(must);
  const optional = Object.entries(may ?? {});
  return (value, at) => {
    const given = record(value, at);
    const found: Record<string, unknown> = {};
    for (const [name, check] of required) found[name] = check(given[name], `${at}.${name}`);
    for (const [name, check] of optional) {
      const item = given[name];
      if (item !== undefined && item !== null) found[name] = check(item, `${at}.${name}`);
    }
    return found as Fields<M> & Partial<Fields<O>>;
  };
}

/** An object whose field `type` says which of several it is. */
export function variants<V extends Readonly<Record<string, Check<unknown>>>>(
  kinds: V,
): Check<Checked<V[keyof V]>> {
  const known = new Map(Object.entries(kinds));
  return (value, at) => {
    const { type } = record(value, at);
    const check = typeof type === "string" ? known.get(type) : undefined;
    if (!check) refuse(`${at}.type`, `one of ${[...known.keys()].join(", ")}`);
    return check(value, at) as Checked<V[keyof V]>;
  };
}
