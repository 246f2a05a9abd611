/** Longest part of a wrong value that is quoted. */
const MAX_SHOWN = 100;

/**
 * Quotes a wrong value in a message. A key put where an address or a number belongs, and credentials
 * inside an address, are left out.
 */
export function showText(text: string): string {
  if (/[sp]k-lf-/i.test(text)) return "what looks like a key";
  // What stands before an @ in an address is user and password.
  const shown = text.replace(/^([a-z][a-z0-9+.-]*:\/*)?.*@/is, "$1...@");
  return `"${shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}...` : shown}"`;
}
