/** Longer names are cut. */
const MAX_NAME_LENGTH = 200;

/** The name of a function, "" where it has none or does not let itself be asked. */
export function nameOf(value: { readonly name?: unknown }): string {
  try {
    const { name } = value;
    return typeof name === "string" ? name.slice(0, MAX_NAME_LENGTH) : "";
  } catch {
    return ""; // a proxy or getter that refuses
  }
}

/** What kind of error was thrown, which may be anything. */
export function errorName(error: unknown): string {
  try {
    return error instanceof Error ? nameOf(error) || "Error" : typeof error;
  } catch {
    return "unknown"; // a revoked proxy has no prototype to look at
  }
}

/**
 * The class of an object; "Object" for what has none.
 * @param tag - of `Object.prototype.toString`, for what the language makes without a class (generators)
 */
export function className(value: object, tag: string): string {
  let name = "";
  try {
    // Not of the object itself, whose member of that name is data.
    const made: unknown = Object.getPrototypeOf(value)?.constructor;
    name = typeof made === "function" ? nameOf(made) : "";
  } catch {
    // A proxy or getter that refuses.
  }
  return name !== "" && name !== "Object" ? name : tag;
}

/** `Object`, `Headers`, `Generator`: what `Object.prototype.toString` puts behind `[object `. */
export function tagOf(value: object): string {
  return Object.prototype.toString
    .call(value)
    .slice("[object ".length, -1)
    .slice(0, MAX_NAME_LENGTH);
}
