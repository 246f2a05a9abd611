import { isBlank, isDigit } from "./characters";
import { cutMarkOf, parseString, parseTornString } from "./json-strings";

/** What is done to the pieces of a text. */
export interface TextRedaction {
  /** Of text that is no JSON: the same string where nothing is found. */
  readonly redactPlain: (text: string) => string;
  /** What stands in place of a whole value because of its name; undefined: it is no secret. */
  readonly redactNamed: (name: string, value: string, isText: boolean) => string | undefined;
  /** Whether any number can be redacted; else those of 13 and more digits only. */
  readonly hasPatterns: boolean;
}

/** JSON text inside texts of JSON text is read so deep; each level at least doubles its backslashes. */
const MAX_NESTING = 8;
/** Lists and objects inside one another; deeper ones are plain text. */
const MAX_DEPTH = 200;
const MIN_CARD_DIGITS = 13;
/** What is none may still be an address or a phone number: 10.0.0.1, 415-555-2671. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NO_SPACE = /[^ \t\n\r]/g;
/** Members that hold what a secret name outside names: `"password": { "value": … }`. */
const CONTENT_NAME = /^(?:value|values|data|raw|text|plain|content)$/i;
/** Members that name what `value` beside them is: `{ "name": "Cookie", "value": … }`. */
const LABEL_NAME = /^(?:name|key|header|field|variable)$/i;
/** `{"token": " Hello", "logprob": …}`: a piece of a model's text. */
const LOGPROB = /^\s*,\s*"logprob"/;

interface Frame {
  readonly isObject: boolean;
  /** Of the member that this stands in; elements of a list have it, too. */
  readonly name: string;
  /** Of the member at hand. */
  member: string;
  /** The text of a member like `name`. */
  label: string;
  /** Whatever follows stands behind a comma. */
  hasBegun: boolean;
}

/** Whether to try; what turns out to be no JSON is redacted as the text it is. */
export function looksLikeJson(text: string): boolean {
  let code = text.charCodeAt(0);
  if (isSpace(code)) {
    NO_SPACE.lastIndex = 0;
    code = text.charCodeAt(NO_SPACE.exec(text)?.index ?? text.length);
  }
  return code === 123 /* { */ || code === 91 /* [ */ || code === 34; /* " */
}

/**
 * Redacts texts, names and numbers of JSON text one by one. Comes out as JSON text again, with the
 * same spaces. Takes several values in a row (JSON lines), and text that was cut off; from where it
 * is no JSON on, the rest is plain text.
 */
export function redactJson(text: string, redaction: TextRedaction, nesting = 0): string {
  return new JsonRedactor(text, redaction, nesting).redact();
}

function isSpace(code: number): boolean {
  return isBlank(code) || code === 10 || code === 13;
}

/** One pass over one text. Replacements are kept in order of their place. */
class JsonRedactor {
  readonly #text: string;
  readonly #redaction: TextRedaction;
  readonly #nesting: number;
  readonly #frames: Frame[] = [];
  #at = 0;
  /** Up to here all is JSON; what follows can still be read as plain text, with its name. */
  #settled = 0;
  #backslash: number;
  readonly #replacements: { start: number; end: number; text: string }[] = [];

  constructor(text: string, redaction: TextRedaction, nesting: number) {
    this.#text = text;
    this.#redaction = redaction;
    this.#nesting = nesting;
    this.#backslash = text.indexOf("\\");
  }

  redact(): string {
    while (this.#step()) {
      // Each step reads one token.
    }
    // What no token could be made of; where it was cut between two of them, there is nothing but the mark.
    const rest = this.#text.slice(this.#at);
    if (rest !== cutMarkOf(rest)) this.#redactRest();
    return this.#result();
  }

  #result(): string {
    if (this.#replacements.length === 0) return this.#text;
    let result = "";
    let copiedTo = 0;
    for (const { start, end, text } of this.#replacements) {
      result += this.#text.slice(copiedTo, start) + text;
      copiedTo = end;
    }
    return result + this.#text.slice(copiedTo);
  }

  #redactRest(): void {
    const start = this.#settled;
    while ((this.#replacements.at(-1)?.start ?? -1) >= start) this.#replacements.pop();
    const rest = this.#text.slice(start);
    this.#replace(start, this.#text.length, rest, this.#redaction.redactPlain(rest));
    this.#at = this.#text.length;
  }

  #replace(start: number, end: number, before: string, after: string): void {
    if (after !== before) this.#replacements.push({ start, end, text: after });
  }

  /** @returns false at the end, and where it is no JSON */
  #step(): boolean {
    this.#skipSpace();
    if (this.#at >= this.#text.length) return false;
    const frame = this.#frames.at(-1);
    const code = this.#text.charCodeAt(this.#at);
    if (frame !== undefined && (code === 125 /* } */ || code === 93) /* ] */) {
      return this.#close(frame, code);
    }
    if (frame === undefined) {
      // Between values; a text alone is one only where nothing follows.
      this.#settled = this.#at;
      if (code !== 34) return (code === 123 || code === 91) && this.#value(code, undefined);
      return this.#value(code, undefined) && this.#isAtEnd();
    }
    if (code === 44 /* , */) {
      this.#at += 1;
      this.#skipSpace();
      if (this.#at >= this.#text.length) return false;
      // What is wrong in the first element is read as text with the bracket before it.
      this.#settled = this.#at;
    } else if (frame.hasBegun) return false;
    frame.hasBegun = true;
    return frame.isObject
      ? this.#member(frame)
      : this.#value(this.#text.charCodeAt(this.#at), frame);
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  #isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  #close(frame: Frame, code: number): boolean {
    if (frame.isObject !== (code === 125)) return false;
    this.#frames.pop();
    this.#at += 1;
    return true;
  }

  #member(frame: Frame): boolean {
    if (this.#text.charCodeAt(this.#at) !== 34) return false;
    const name = this.#string("", undefined);
    if (name === undefined) return false;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== 58 /* : */) return this.#at >= this.#text.length;
    this.#at += 1;
    this.#skipSpace();
    if (this.#at >= this.#text.length) return false;
    frame.member = name;
    return this.#value(this.#text.charCodeAt(this.#at), frame);
  }

  #value(code: number, frame: Frame | undefined): boolean {
    if (code === 34) return this.#string(this.#nameFor(frame), frame) !== undefined;
    if (code === 123 || code === 91) {
      if (this.#frames.length === MAX_DEPTH) return false;
      const name = frame?.isObject === true ? frame.member : (frame?.name ?? "");
      this.#frames.push({ isObject: code === 123, name, member: "", label: "", hasBegun: false });
      this.#at += 1;
      return true;
    }
    return code === 45 || (code >= 48 && code <= 57)
      ? this.#number(this.#nameFor(frame))
      : this.#literal();
  }

  /** The name by which a value may be secret. */
  #nameFor(frame: Frame | undefined): string {
    if (frame === undefined) return "";
    if (!frame.isObject) return frame.name;
    if (frame.label === "" && frame.name === "") return frame.member;
    if (!CONTENT_NAME.test(frame.member)) return frame.member;
    return frame.label === "" ? frame.name : frame.label;
  }

  /** @returns what it says, as it was; undefined where it cannot be read */
  #string(name: string, frame: Frame | undefined): string | undefined {
    const text = this.#text;
    const start = this.#at;
    const end = this.#endOfString(start + 1);
    if (end === -1) return this.#tornString(start + 1, name);
    const hasEscape = this.#backslash !== -1 && this.#backslash < end;
    const value = hasEscape ? parseString(text.slice(start, end)) : text.slice(start + 1, end - 1);
    if (value === undefined) return undefined;
    this.#at = end;
    const redacted = this.#redactValue(name, value);
    if (redacted !== value) this.#replace(start, end, "", JSON.stringify(redacted));
    if (frame?.isObject === true && LABEL_NAME.test(frame.member)) frame.label = value;
    return value;
  }

  #redactValue(name: string, value: string): string {
    if (name !== "") {
      const mark = this.#redaction.redactNamed(name, value, true);
      const isPiece = name === "token" && LOGPROB.test(this.#text.slice(this.#at, this.#at + 24));
      if (mark !== undefined && !isPiece) return mark;
    }
    return this.#nesting < MAX_NESTING && looksLikeJson(value)
      ? redactJson(value, this.#redaction, this.#nesting + 1)
      : this.#redaction.redactPlain(value);
  }

  /** Behind the closing quote, or -1. Moves on to the first backslash that follows `from`. */
  #endOfString(from: number): number {
    const text = this.#text;
    if (this.#backslash !== -1 && this.#backslash < from)
      this.#backslash = text.indexOf("\\", from);
    let quote = text.indexOf('"', from);
    if (this.#backslash === -1 || quote < this.#backslash) return quote === -1 ? -1 : quote + 1;
    let escapeAt = this.#backslash;
    while (quote !== -1 && escapeAt !== -1 && escapeAt < quote) {
      if (escapeAt + 1 === quote) quote = text.indexOf('"', escapeAt + 2);
      escapeAt =
        text.charCodeAt(escapeAt + 2) === 92 ? escapeAt + 2 : text.indexOf("\\", escapeAt + 2);
    }
    return quote === -1 ? -1 : quote + 1;
  }

  /** The text at whose end everything was cut. */
  #tornString(start: number, name: string): undefined {
    const raw = this.#text.slice(start);
    const cutMark = cutMarkOf(raw);
    const value = parseTornString(raw.slice(0, raw.length - cutMark.length));
    if (value === undefined) return undefined;
    const named = this.#redaction.redactNamed(name, value, true);
    const redacted = named === undefined ? this.#redactValue("", value + cutMark) : named + cutMark;
    if (redacted !== value + cutMark) {
      this.#replace(start, this.#text.length, "", JSON.stringify(redacted).slice(1, -1));
    }
    this.#at = this.#text.length;
    return undefined;
  }

  #number(name: string): boolean {
    const text = this.#text;
    const start = this.#at;
    let isInteger = true;
    for (; isNumberCharacter(text.charCodeAt(this.#at)); this.#at += 1) {
      isInteger &&= isDigit(text.charCodeAt(this.#at));
    }
    if (!isInteger && !NUMBER.test(text.slice(start, this.#at))) {
      this.#at = start;
      return false;
    }
    const isCandidate =
      this.#redaction.hasPatterns || (isInteger && this.#at - start >= MIN_CARD_DIGITS);
    if (name === "" && !isCandidate) return true;
    const digits = text.slice(start, this.#at);
    const named = name === "" ? undefined : this.#redaction.redactNamed(name, digits, false);
    const redacted = named ?? (isCandidate ? this.#redaction.redactPlain(digits) : digits);
    if (redacted !== digits) this.#replace(start, this.#at, "", JSON.stringify(redacted));
    return true;
  }

  #literal(): boolean {
    for (const literal of ["true", "false", "null"]) {
      if (this.#text.startsWith(literal, this.#at)) {
        this.#at += literal.length;
        return true;
      }
    }
    return false;
  }
}

function isNumberCharacter(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || code === 46 || code === 45 || code === 43 || (code | 32) === 101
  );
}
