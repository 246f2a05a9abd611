import { PlayheadError } from "../diagnostics/errors";
import type { ObserveOptions } from "./observe-options";
import type { Callable, CallObserver } from "./observed-call";
import { wrap } from "./wrap";

/** What TC39 decorators get as their second argument, as far as it is used here. */
export interface MemberContext {
  readonly kind: string;
  readonly name: string | symbol | undefined;
}

type WrapMember = (wrapped: Callable) => Callable;

/** Options have no `kind`. */
export function isMemberContext(value: unknown): value is MemberContext {
  try {
    return typeof value === "object" && value !== null && "kind" in value && "name" in value
      ? typeof value.kind === "string"
      : false;
  } catch {
    return false; // options that do not let themselves be read
  }
}

/**
 * A TC39 decorator: gives what stands in for the decorated member.
 * @throws PlayheadError INVALID_ARGUMENT - on a field whose value is no function
 */
export function decorateMember(
  value: unknown,
  { kind, name }: MemberContext,
  options: ObserveOptions,
  observer: () => CallObserver | undefined,
): unknown {
  const memberName = nameOfKey(name);
  const wrapMember: WrapMember = (wrapped) => wrap(wrapped, options, observer, { memberName });
  switch (kind) {
    case "method":
    case "getter":
    case "setter":
      return wrapMember(value as Callable); // as the kind says
    case "class":
      return wrap(value as Callable, options, observer, { memberName, isUnfinishedClass: true });
    case "accessor": {
      const { get, set } = value as { get: Callable; set: Callable }; // as the kind says
      return { get: wrapMember(get), set: wrapMember(set) };
    }
    case "field":
      return (initial: unknown): unknown => {
        if (initial === undefined || initial === null) return initial;
        if (typeof initial === "function") return wrapMember(initial);
        throw refusal(`the field ${show(name)} with a value of type ${typeof initial}`);
      };
    default:
      throw refusal(`a member of kind ${kind}`);
  }
}

/**
 * A legacy decorator (`experimentalDecorators`) of a method, getter or setter.
 * @throws PlayheadError INVALID_ARGUMENT - on a property or parameter
 */
export function decorateLegacy(
  key: string | symbol,
  descriptor: unknown,
  options: ObserveOptions,
  observer: () => CallObserver | undefined,
): PropertyDescriptor {
  const memberName = nameOfKey(key);
  const wrapMember = (member: unknown): unknown =>
    typeof member === "function" ? wrap(member, options, observer, { memberName }) : member;
  if (typeof descriptor === "number") throw refusal(`a parameter of ${show(key)}`);
  if (typeof descriptor !== "object" || descriptor === null) {
    throw refusal(
      `the property ${show(key)}. Wrap its value instead: observe(() => …). A name goes into the options: observe(fn, { name: … })`,
    );
  }
  const { value, get, set } = descriptor as PropertyDescriptor; // third argument of legacy decorators
  if (typeof value === "function") return { ...descriptor, value: wrapMember(value) };
  if (get === undefined && set === undefined) throw refusal(`the property ${show(key)}`);
  return { ...descriptor, ...legacyAccessors(wrapMember(get), wrapMember(set)) };
}

function legacyAccessors(get: unknown, set: unknown): PropertyDescriptor {
  return { get, set } as PropertyDescriptor; // each a function or undefined, as it was before
}

/** As functions are named by the language: a symbol by its description, in brackets. */
function nameOfKey(key: string | symbol | undefined): string | undefined {
  if (typeof key !== "symbol") return key;
  return key.description === undefined ? "" : `[${key.description}]`;
}

function show(key: string | symbol | undefined): string {
  return key === undefined ? "without a name" : `"${String(key)}"`;
}

function refusal(got: string): PlayheadError {
  return new PlayheadError(
    "INVALID_ARGUMENT",
    `Expected @observe() on a class, a method, an accessor or a field that holds a function, got ${got}.`,
  );
}
