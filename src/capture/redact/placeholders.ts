import { isAlphanumeric, isLetter } from "./characters";

/** What stands behind names of secrets in code, forms and prose without being one. */
const WORDS: ReadonlySet<string> = new Set(
  `string str text number int integer float bool boolean object array any unknown never void bytes
  null nil none undefined true false optional required mandatory missing invalid expired empty
  the a an is are was to of in it on for and or not your you my our this that i we if when must
  should may can will await new async function typeof self`.split(/\s+/),
);
const LONGEST_WORD = 12;
/** Longer ones are secrets, or whatever else: the expressions below would need a stack for them. */
const LONGEST_CODE = 256;
/** Where code and configuration say that the value comes from somewhere else. */
const REFERENCE =
  /^(?:\$\{|\$\(|\$[A-Z_][A-Z0-9_]*$|\{\{|%[A-Z_]+%$|\{[A-Za-z_][\w.]*\}?$|<[\w\s-]{1,40}>$|(?:process\.env|import\.meta|os\.environ|os\.getenv|System\.getenv|Deno\.env)[.[(]|(?:env|secrets)\.[A-Za-z_]+$)/;
/** `getToken()`, `z.string().min(8)` */
const CALL = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\([\s\S]*\)/;
/** `user.password`, `this.token;` */
const MEMBER = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*[;,)\]}]*$/;

/** Whether the unquoted value of a secret's name is a word of a language, not a secret. */
export function isPlaceholder(value: string): boolean {
  if (value.length <= LONGEST_WORD) {
    const word = value.toLowerCase();
    if (WORDS.has(word)) return true;
    if (!isLetter(word.charCodeAt(word.length - 1)) && WORDS.has(word.replace(/[.,:!?)]+$/, ""))) {
      return true;
    }
  }
  if (value.length > LONGEST_CODE) return false;
  return (!isAlphanumeric(value.charCodeAt(0)) || value.includes(".")) && REFERENCE.test(value);
}

/**
 * Whether an unquoted value that follows `name = ` or `name: ` is code: a call, a member of that
 * name, or that name.
 */
export function isCode(name: string, value: string): boolean {
  if (value.length > LONGEST_CODE) return false;
  if (value.includes("(") && CALL.test(value)) return true;
  if (value === name) return true;
  if (!MEMBER.test(value)) return false;
  const path = value.toLowerCase().replace(/\W+$/, "");
  const plain = name.toLowerCase();
  return path === plain || path.endsWith(`.${plain}`);
}
