import type { OptionName } from "./schema";

/** Longest part of a wrong value that is quoted. */
const MAX_SHOWN = 100;

const SECRETS: ReadonlySet<OptionName> = new Set(["secretKey", "publicKey", "headers", "targets"]);

/** A wrong value, for a message. Keys and headers never stand in one. */
export function showOption(name: OptionName, value: unknown): string {
  return SECRETS.has(name) ? `a value of type ${typeof value}` : showValue(value);
}

/** As {@link showOption}, for a value whose place is not known. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return showText(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}

/** A key put where an address belongs, and credentials inside an address, are left out. */
function showText(text: string): string {
  if (/[sp]k-lf-/i.test(text)) return "what looks like a key";
  // What stands before an @ in an address is user and password.
  const shown = text.replace(/^([a-z][a-z0-9+.-]*:\/*)?.*@/is, "$1...@");
  return `"${shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}...` : shown}"`;
}
