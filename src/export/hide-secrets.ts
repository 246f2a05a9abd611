/** Signs that JSON may write behind a backslash. Spec: https://www.rfc-editor.org/rfc/rfc8259#section-7 */
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
};

/**
 * Prepares the function that puts `...` in place of secrets in a text, however JSON spells them: servers
 * differ in what they escape, and whoever reads the JSON has the secret again.
 */
export function createSecretHider(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets.map((secret) => {
    const units = Array.from({ length: secret.length }, (_, at) => spellingsOf(secret.charAt(at)));
    return new RegExp(units.join(""), "g");
  });
  return (text) => {
    let rest = text;
    for (const spelling of spellings) rest = rest.replace(spelling, "...");
    return rest;
  };
}

/** The longer ones first: what is left of half an escape would be no JSON. */
function spellingsOf(unit: string): string {
  const digits = Array.from(unit.charCodeAt(0).toString(16).padStart(4, "0"), (digit) =>
    /\d/.test(digit) ? digit : `[${digit}${digit.toUpperCase()}]`,
  );
  const short = SHORT_ESCAPES[unit];
  const escapes = [
    `\\\\u${digits.join("")}`,
    ...(short === undefined ? [] : [`\\\\${literal(short)}`]),
  ];
  return `(?:${[...escapes, literal(unit)].join("|")})`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
