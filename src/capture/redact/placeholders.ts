/** What stands behind names of secrets in code, forms and prose without being one. */
const WORDS: ReadonlySet<string> = new Set(
  `string str text number int integer float bool boolean object array any unknown never void bytes
  null nil none undefined true false optional required mandatory missing invalid expired empty
  redacted hidden masked secret password token value the a an is are was to of in it on for and or
  not your you my our this that i we if when must should may can will await new async function
  typeof self`.split(/\s+/),
);
/** Where code and configuration say that the value comes from somewhere else. */
const REFERENCE =
  /^(?:\$\{|\$\(|\$[A-Za-z_]|\{\{|%[A-Z_]+%$|<[\w\s-]{1,40}>$|(?:process\.env|import\.meta|os\.environ|os\.getenv|System\.getenv|Deno\.env|env\.|secrets\.|ENV\[))/;
/** `getToken()`, `z.string()` */
const CALL = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\($/;

/** Whether the unquoted value of a secret's name is a word of a language, not a secret. */
export function isPlaceholder(value: string): boolean {
  return WORDS.has(value.toLowerCase().replace(/[^a-z]+$/, "")) || REFERENCE.test(value);
}

/** Whether an unquoted value that follows `name = ` or `name: ` is code: a call or `user.password`. */
export function isCode(name: string, value: string): boolean {
  const bracket = value.indexOf("(");
  if (bracket > 0 && CALL.test(value.slice(0, bracket + 1))) return true;
  const member = /^[A-Za-z_$][\w$]*\??(?:\.[A-Za-z_$][\w$]*)*[;,)\]}]*$/.exec(value);
  return member !== null && value.toLowerCase().replace(/\W+$/, "").endsWith(name.toLowerCase());
}
