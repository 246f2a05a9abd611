/**
 * Prepares the function that puts `...` in place of secrets in a text, however JSON spells them: servers
 * differ in what they escape, and whoever reads the JSON has the secret again.
 * Spec: https://www.rfc-editor.org/rfc/rfc8259#section-7
 */
export function createSecretHider(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets.map((secret) => new RegExp(secret.replace(/./gs, spellingsOf), "g"));
  return (text) => {
    let rest = text;
    for (const spelling of spellings) rest = rest.replace(spelling, "...");
    return rest;
  };
}

/** The longer ones first: what is left of half an escape would be no JSON. */
function spellingsOf(unit: string): string {
  const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
  const digits = hex.replace(/./g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const short = unit === "/" ? "\\/" : JSON.stringify(unit).slice(1, -1);
  return `(?:\\\\u${digits}|${literal(short)}|${literal(unit)})`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
