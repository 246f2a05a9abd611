/**
 * Puts a method on the object itself, in front of the one it has from its class: the object stays
 * what it is for everybody who holds it.
 * @returns false where the object does not allow it
 */
export function shadow(target: object, name: PropertyKey, method: unknown): boolean {
  return define(target, name, { value: method, writable: true });
}

/** As {@link shadow}, for a member that is computed when it is read. */
export function shadowGetter(target: object, name: PropertyKey, get: () => unknown): boolean {
  return define(target, name, { get });
}

function define(target: object, name: PropertyKey, descriptor: PropertyDescriptor): boolean {
  try {
    return Reflect.defineProperty(target, name, {
      ...descriptor,
      configurable: true,
      enumerable: false,
    });
  } catch {
    return false; // a proxy that throws when it is touched
  }
}

/** A method of an object, whatever the object does when it is looked at. */
export function methodOf(target: object, name: PropertyKey): Method | undefined {
  try {
    const member: unknown = Reflect.get(target, name);
    return typeof member === "function" ? (member as Method) : undefined; // called with `target` only
  } catch {
    return undefined; // what cannot be read cannot be called, either
  }
}

export type Method = (this: unknown, ...args: unknown[]) => unknown;
