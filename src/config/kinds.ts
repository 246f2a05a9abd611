/*
 * What an option may be, as values that check and complete what was given. Small on purpose: a
 * general schema library took a third of the time that importing this package takes.
 */

type Path = readonly (string | number)[];

/** One thing that is wrong with what was given. */
export interface Problem {
  /** Where; of unknown keys, the object they are in. */
  readonly path: Path;
  /** Names that the object at `path` does not have. */
  readonly unknownKeys?: readonly string[];
}

/** A set of values, with what a value given becomes. */
export interface Kind<Output, Input = Output> {
  /** What `value` becomes; adds to `problems`, and returns undefined, where it is not of this kind. */
  readonly read: (value: unknown, path: Path, problems: Problem[]) => Output | undefined;
  /** Carries the type of what may be given; never there. */
  readonly takes?: (input: Input) => void;
}

export type AnyKind = Kind<unknown, never>;
type Fields = Readonly<Record<string, AnyKind>>;
export type OutputOf<K extends AnyKind> = K extends Kind<infer Output, never> ? Output : never;
export type InputOf<K extends AnyKind> = K extends Kind<unknown, infer Input> ? Input : never;

type OptionalName<Values> = {
  [Name in keyof Values]: undefined extends Values[Name] ? Name : never;
}[keyof Values];
type WithOptional<Values> = Omit<Values, OptionalName<Values>> &
  Partial<Pick<Values, OptionalName<Values>>>;
type Flat<Value> = { [Name in keyof Value]: Value[Name] };
type ObjectOutput<F extends Fields> = Flat<
  WithOptional<{ -readonly [Name in keyof F]: OutputOf<F[Name]> }>
>;
type ObjectInput<F extends Fields> = Flat<
  WithOptional<{ -readonly [Name in keyof F]: InputOf<F[Name]> }>
>;

export interface ObjectKind<F extends Fields> extends Kind<ObjectOutput<F>, ObjectInput<F>> {
  readonly fields: F;
}

export type Checked<Output> =
  | { readonly value: Output; readonly problems: undefined }
  | { readonly problems: readonly Problem[] };

/** Checks a value as a whole. All problems are found at once. */
export function check<Output>(kind: Kind<Output, never>, given: unknown): Checked<Output> {
  const problems: Problem[] = [];
  const value = kind.read(given, [], problems);
  // Without a problem it is of the kind, undefined only where that may be.
  return problems.length > 0 ? { problems } : { value: value as Output, problems: undefined };
}

/** Values that `test` accepts, as they are. */
export function kindOf<Value>(test: (value: unknown) => boolean): Kind<Value> {
  return {
    read(value, path, problems) {
      if (test(value)) return value as Value; // as the test says
      problems.push({ path });
      return undefined;
    },
  };
}

export const boolean: Kind<boolean> = kindOf((value) => typeof value === "boolean");

/** Numbers from `min` to `max`, both included. */
export function number(min: number, max: number): Kind<number> {
  return kindOf((value) => typeof value === "number" && value >= min && value <= max);
}

/** As {@link number}, without a fraction. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): Kind<number> {
  return kindOf(
    (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  );
}

export function oneOf<Word extends string>(words: readonly Word[]): Kind<Word> {
  return kindOf((value) => words.some((word) => word === value));
}

/** Text that `test` accepts after it was tidied. */
export function text(
  test: (value: string) => boolean = () => true,
  tidy: (value: string) => string = (value) => value,
): Kind<string> {
  return {
    read(value, path, problems) {
      if (typeof value === "string" && test(tidy(value))) return tidy(value);
      problems.push({ path });
      return undefined;
    },
  };
}

export function optional<Output, Input>(
  kind: Kind<Output, Input>,
): Kind<Output | undefined, Input | undefined> {
  return {
    read: (value, path, problems) =>
      value === undefined ? undefined : kind.read(value, path, problems),
  };
}

export function withDefault<Output, Input>(
  kind: Kind<Output, Input>,
  fallback: Output,
): Kind<Output, Input | undefined> {
  return {
    read: (value, path, problems) =>
      value === undefined ? fallback : kind.read(value, path, problems),
  };
}

/** What is of one of the two; where it is of neither, that is one problem, beside unknown names. */
export function either<A, InputA, B, InputB>(
  first: Kind<A, InputA>,
  second: Kind<B, InputB>,
): Kind<A | B, InputA | InputB> {
  return {
    read(value, path, problems) {
      const unknownNames: Problem[] = [];
      let isOfNeither = true;
      for (const kind of [first, second]) {
        const found: Problem[] = [];
        const read = kind.read(value, path, found);
        if (found.length === 0) return read;
        const unknown = found.filter(({ unknownKeys }) => unknownKeys !== undefined);
        unknownNames.push(...unknown);
        if (unknown.length === found.length) isOfNeither = false;
      }
      if (isOfNeither) problems.push({ path });
      problems.push(...unknownNames);
      return undefined;
    },
  };
}

/** A frozen copy of a list with at least `minLength` items. */
export function listOf<Output, Input>(
  item: Kind<Output, Input>,
  minLength = 0,
): Kind<readonly Output[], readonly Input[]> {
  return {
    read(value, path, problems) {
      if (!Array.isArray(value) || value.length < minLength) {
        problems.push({ path });
        return undefined;
      }
      const items = Array.from(value, (one, index) => item.read(one, [...path, index], problems));
      return Object.freeze(items) as readonly Output[]; // all of them, where there is no problem
    },
  };
}

/** A copy of a plain object whose names and values are texts. */
export function textsByName(
  isName: (name: string) => boolean,
  isValue: (value: string) => boolean,
): Kind<Record<string, string>> {
  return {
    read(value, path, problems) {
      const entries = isPlainObject(value) ? Object.entries(value) : undefined;
      const isWhole = entries?.every(
        ([name, one]) => isName(name) && typeof one === "string" && isValue(one),
      );
      if (entries !== undefined && isWhole) return Object.fromEntries(entries);
      problems.push({ path });
      return undefined;
    },
  };
}

/** A copy of an object that has no others than these fields. */
export function objectOf<F extends Fields>(fields: F): ObjectKind<F> {
  return {
    fields,
    read(value, path, problems) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        problems.push({ path });
        return undefined;
      }
      const given = value as Readonly<Record<string, unknown>>; // any object may be asked for members
      const read: Record<string, unknown> = {};
      for (const [name, kind] of Object.entries(fields)) {
        const field = kind.read(given[name], [...path, name], problems);
        if (field !== undefined) read[name] = field;
      }
      const unknownKeys: string[] = [];
      for (const name in given) if (!Object.hasOwn(fields, name)) unknownKeys.push(name);
      if (unknownKeys.length > 0) problems.push({ path, unknownKeys });
      return read as ObjectOutput<F>; // each field as its kind says, where there is no problem
    },
  };
}

function isPlainObject(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // That of another realm, too: the one prototype that has none itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
