/** Longest source text that is looked at, in characters: parameters stand near its beginning. */
const MAX_SOURCE_LENGTH = 100_000;

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
/** After one of these a slash begins a regular expression; after anything else it divides. */
const BEFORE_EXPRESSION = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void))\s*$/;
const OPENING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The parameters of a function, in order. */
export interface ParameterNames {
  readonly names: readonly string[];
  /** The last one takes all the arguments that are left. */
  readonly hasRest: boolean;
  /** The function may look at arguments that it has no parameter for. */
  readonly seesAllArguments: boolean;
}

/**
 * Reads the names of a function's parameters from its source text; those of its constructor for a
 * class.
 * @returns undefined where they are not known: native and bound functions, proxies, parameters that
 * take apart what they get, constructors that are inherited, and whatever this small reader cannot
 * make sense of. It would rather know nothing than say something wrong.
 */
export function readParameterNames(callable: unknown): ParameterNames | undefined {
  try {
    const source = String(callable);
    if (source.length > MAX_SOURCE_LENGTH) return undefined;
    const list = parameterListOf(source);
    const parsed = list === undefined ? undefined : parseParameters(list);
    // The language counts those before the first default or rest: a second opinion on our reading.
    const { length } = callable as { readonly length?: unknown };
    if (parsed === undefined || parsed.required !== length) return undefined;
    const { names, hasRest } = parsed;
    if (new Set(names).size < names.length || names.includes("__proto__")) return undefined;
    return { names, hasRest, seesAllArguments: hasRest || /\barguments\b/.test(source) };
  } catch {
    return undefined; // a toString or a proxy that throws, or a text that ends too early
  }
}

/** @returns the text between the parentheses, or the one name of an arrow function without them */
function parameterListOf(source: string): string | undefined {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return undefined;
  let at = skipBlanks(source, 0);
  if (/^class\b/.test(source.slice(at, at + 6))) return constructorListOf(source, at);
  // What stands before the list: keywords, the name, or [an expression] that is the name.
  let lastWord: string | undefined;
  while (source[at] !== "(") {
    if (at >= source.length) return undefined;
    if (source.startsWith("=>", at)) return lastWord;
    const word = identifierAt(source, at);
    if (word !== undefined) lastWord = word;
    at = skipBlanks(source, word === undefined ? skipToken(source, at) : at + word.length);
  }
  return source.slice(at + 1, skipToken(source, at) - 1);
}

/** @returns "" for a class that neither has a constructor nor inherits one */
function constructorListOf(source: string, classAt: number): string | undefined {
  let at = classAt;
  let isDerived = false;
  while (source[at] !== "{") {
    if (at >= source.length) return undefined;
    const word = identifierAt(source, at);
    if (word === "extends") isDerived = true;
    at = skipBlanks(source, word === undefined ? skipToken(source, at) : at + word.length);
  }
  const bodyEnd = skipToken(source, at) - 1;
  at = skipBlanks(source, at + 1);
  let previous: string | undefined;
  while (at < bodyEnd) {
    const word = identifierAt(source, at);
    const next = skipBlanks(source, word === undefined ? skipToken(source, at) : at + word.length);
    const isMember = previous !== "static" && previous !== ".";
    if (word === "constructor" && isMember && source[next] === "(") {
      return source.slice(next + 1, skipToken(source, next) - 1);
    }
    previous = word ?? source[at];
    at = next;
  }
  return isDerived ? undefined : "";
}

/** @returns undefined where a parameter has no name of its own */
function parseParameters(
  list: string,
): { names: string[]; hasRest: boolean; required: number } | undefined {
  const names: string[] = [];
  let hasRest = false;
  let required: number | undefined;
  let at = skipBlanks(list, 0);
  while (at < list.length) {
    hasRest = list.startsWith("...", at);
    if (hasRest) at = skipBlanks(list, at + 3);
    const name = identifierAt(list, at);
    if (name === undefined) return undefined; // { a, b } or [a, b]
    at = skipBlanks(list, at + name.length);
    if (hasRest || list[at] === "=") required ??= names.length;
    names.push(name);
    while (at < list.length && list[at] !== ",") at = skipBlanks(list, skipToken(list, at));
    at = skipBlanks(list, at + 1);
  }
  return { names, hasRest, required: required ?? names.length };
}

function identifierAt(source: string, at: number): string | undefined {
  IDENTIFIER.lastIndex = at;
  return IDENTIFIER.exec(source)?.[0];
}

/** Position of the next character that is neither white space nor in a comment. */
function skipBlanks(source: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < source.length && /\s/.test(source.charAt(at))) at += 1;
    if (source.startsWith("//", at)) at = endOf(source, "\n", at);
    else if (source.startsWith("/*", at)) at = endOf(source, "*/", at + 2);
    else return at;
  }
}

/**
 * Position behind the token at `from`: a text, a regular expression, all of a bracket with what is
 * in it, or one character.
 * @throws RangeError where the text ends inside of it
 */
function skipToken(source: string, from: number): number {
  const first = source.charAt(from);
  if (first === '"' || first === "'") return skipQuoted(source, from, first);
  if (first === "`") return skipTemplate(source, from);
  if (first === "/" && BEFORE_EXPRESSION.test(source.slice(Math.max(0, from - 50), from))) {
    return skipRegExp(source, from);
  }
  const closing = OPENING[first];
  if (closing === undefined) {
    return from + (identifierAt(source, from)?.length ?? 1);
  }
  let at = skipBlanks(source, from + 1);
  while (source[at] !== closing) {
    if (at >= source.length) throw new RangeError("A bracket is not closed");
    at = skipBlanks(source, skipToken(source, at));
  }
  return at + 1;
}

function skipQuoted(source: string, from: number, quote: string): number {
  let at = from + 1;
  while (source[at] !== quote) {
    if (at >= source.length) throw new RangeError("A text is not closed");
    at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

function skipTemplate(source: string, from: number): number {
  let at = from + 1;
  while (source[at] !== "`") {
    if (at >= source.length) throw new RangeError("A template is not closed");
    if (source.startsWith("${", at)) at = skipToken(source, at + 1);
    else at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

function skipRegExp(source: string, from: number): number {
  let at = from + 1;
  let isInClass = false;
  while (isInClass || source[at] !== "/") {
    if (at >= source.length || source[at] === "\n") throw new RangeError("No regular expression");
    if (source[at] === "[") isInClass = true;
    if (source[at] === "]") isInClass = false;
    at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

function endOf(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at < 0 ? source.length : at + mark.length;
}
