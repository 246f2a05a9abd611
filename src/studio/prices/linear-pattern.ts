/**
 * Regular expressions over model names, matched in time that grows with pattern times name and no
 * faster, whatever the pattern: all ways through it are followed at once, none is tried again.
 *
 * Understood are texts, `.`, `[classes]`, `\d \w \s` and their opposites, groups, `|`, `* + ? {m,n}`,
 * `^`, `$`, and `(?i)` in front. What needs to look back or around is refused.
 * Spec: https://swtch.com/~rsc/regexp/regexp1.html
 */

/** Longest pattern and longest name that are looked at, in characters. */
export const MAX_PATTERN_LENGTH = 1_000;
export const MAX_NAME_LENGTH = 500;
/** Steps of one pattern, once its counts are written out. */
const MAX_STEPS = 5_000;
const MAX_DEPTH = 50;

/** The message completes "Expected a pattern that …, got". */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

export interface LinearPattern {
  /** Whether any part of the name matches; `^` and `$` tie it to the ends. */
  test(name: string): boolean;
  /** Whether the pattern is tied to both ends of the name. */
  readonly isWhole: boolean;
}

type Test = (character: string) => boolean;

type Node =
  | { readonly kind: "one"; readonly test: Test }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "all"; readonly parts: readonly Node[] }
  | { readonly kind: "any"; readonly options: readonly Node[] }
  | { readonly kind: "times"; readonly of: Node; readonly min: number; readonly max: number };

/** `next` leads on without reading; a step with a test reads one character first. */
type Step =
  | { readonly test: Test; next: number }
  | { readonly edge: "start" | "end"; next: number }
  | { readonly split: number[] }
  | { readonly isMatch: true };

/** @throws PatternError */
export function compilePattern(pattern: string): LinearPattern {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new PatternError(
      `Expected a pattern of up to ${MAX_PATTERN_LENGTH} characters, got ${pattern.length}`,
    );
  }
  const isCaseless = pattern.startsWith("(?i)");
  const node = new Parser(isCaseless ? pattern.slice(4) : pattern, isCaseless).parse();
  const steps: Step[] = [{ isMatch: true }];
  const first = createSteps(node, steps);
  return {
    test: (name) => name.length <= MAX_NAME_LENGTH && runs(steps, first, [...name]),
    isWhole: isTied(node, "start") && isTied(node, "end"),
  };
}

/** The steps of a pattern, last first. @returns the first to take */
function createSteps(pattern: Node, steps: Step[]): number {
  let work = 0; // counts of counts may be large without a single step

  const add = (step: Step): number => steps.push(step) - 1;
  const addAll = (node: Node, next: number): number => {
    if (++work > MAX_STEPS) {
      throw new PatternError("Expected a pattern with smaller counts, got one that is too large");
    }
    switch (node.kind) {
      case "one":
        return add({ test: node.test, next });
      case "start":
      case "end":
        return add({ edge: node.kind, next });
      case "all":
        return node.parts.reduceRight((after, part) => addAll(part, after), next);
      case "any":
        return add({ split: node.options.map((option) => addAll(option, next)) });
      case "times":
        return addTimes(node, next);
    }
  };
  const addTimes = (node: Node & { readonly kind: "times" }, next: number): number => {
    let after = next;
    if (node.max === Number.POSITIVE_INFINITY) {
      const split: number[] = [next];
      after = add({ split });
      split.push(addAll(node.of, after));
    } else {
      for (let count = node.min; count < node.max; count++) {
        after = add({ split: [next, addAll(node.of, after)] });
      }
    }
    for (let count = 0; count < node.min; count++) after = addAll(node.of, after);
    return after;
  };
  return addAll(pattern, 0);
}

function runs(steps: readonly Step[], first: number, name: readonly string[]): boolean {
  let active = new Set<number>();
  for (let position = 0; position <= name.length; position++) {
    // Each place of the name may be the first that matches.
    const reached = new Set<number>();
    const waiting = [...active, first];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const step = steps[index];
      if (step === undefined || reached.has(index)) continue;
      reached.add(index);
      if ("isMatch" in step) return true;
      if ("split" in step) waiting.push(...step.split);
      else if ("edge" in step) {
        const edge = step.edge === "start" ? 0 : name.length;
        if (position === edge) waiting.push(step.next);
      }
    }
    const character = name[position];
    active = new Set();
    if (character === undefined) continue;
    for (const index of reached) {
      const step = steps[index];
      if (step !== undefined && "test" in step && step.test(character)) active.add(step.next);
    }
  }
  return false;
}

function isTied(node: Node, edge: "start" | "end"): boolean {
  if (node.kind === edge) return true;
  if (node.kind === "any") return node.options.every((option) => isTied(option, edge));
  if (node.kind !== "all") return false;
  const outermost = edge === "start" ? node.parts[0] : node.parts.at(-1);
  return outermost !== undefined && isTied(outermost, edge);
}

const CLASSES: Readonly<Record<string, Test>> = {
  d: (character) => /^[0-9]$/.test(character),
  w: (character) => /^[A-Za-z0-9_]$/.test(character),
  s: (character) => /^\s$/.test(character),
};
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v" };

class Parser {
  readonly #text: readonly string[];
  readonly #isCaseless: boolean;
  #position = 0;
  #depth = 0;

  constructor(text: string, isCaseless: boolean) {
    this.#text = [...text];
    this.#isCaseless = isCaseless;
  }

  parse(): Node {
    const node = this.#options();
    if (this.#peek() !== undefined) throw this.#error("a `(` before each `)`", ")");
    return node;
  }

  #options(): Node {
    if (++this.#depth > MAX_DEPTH) throw this.#error("fewer groups within groups", "more than 50");
    const options = [this.#sequence()];
    while (this.#takes("|")) options.push(this.#sequence());
    this.#depth--;
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "any", options };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (next === "|" || next === ")") break;
      parts.push(this.#counted(this.#atom()));
    }
    return { kind: "all", parts };
  }

  #counted(of: Node): Node {
    const count = this.#count();
    if (count === undefined) return of;
    if (of.kind === "start" || of.kind === "end") throw this.#error("something to repeat", of.kind);
    this.#takes("?"); // as few as possible: the same names match
    if (this.#count() !== undefined) throw this.#error("one count for each part", "two");
    return { kind: "times", of, ...count };
  }

  #count(): { readonly min: number; readonly max: number } | undefined {
    if (this.#takes("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#takes("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#takes("?")) return { min: 0, max: 1 };
    const ahead = this.#text.slice(this.#position, this.#position + 12).join("");
    const found = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(ahead);
    if (found === null) return undefined;
    this.#position += found[0].length;
    const min = Number(found[1]);
    const open = found[3] === undefined ? Number.POSITIVE_INFINITY : Number(found[3]);
    const max = found[2] === undefined ? min : open;
    if (max < min) throw this.#error("a count that goes up", found[0]);
    return { min, max };
  }

  #atom(): Node {
    const character = this.#take();
    switch (character) {
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case ".":
        return { kind: "one", test: (read) => read !== "\n" && read !== "\r" };
      case "(":
        return this.#group();
      case "[":
        return { kind: "one", test: this.#characterClass() };
      case "\\":
        return { kind: "one", test: this.#escaped() };
      case "*":
      case "+":
      case "?":
        throw this.#error(`something before \`${character}\``, "nothing");
      default:
        return { kind: "one", test: this.#range(character, character) };
    }
  }

  #group(): Node {
    if (this.#takes("?") && !this.#takes(":")) {
      throw this.#error("groups as `(…)` or `(?:…)`, and `(?i)` in front of all", "another group");
    }
    const node = this.#options();
    if (!this.#takes(")")) throw this.#error("a `)` for each `(`", "the end");
    return node;
  }

  #escaped(): Test {
    const character = this.#take();
    const named = CLASSES[character.toLowerCase()];
    if (named !== undefined) {
      return character === character.toLowerCase() ? named : (read) => !named(read);
    }
    const plain = CONTROLS[character] ?? character;
    if (/^[A-Za-z0-9]$/.test(plain)) throw this.#error("\\d, \\w or \\s", `\\${character}`);
    return this.#range(plain, plain);
  }

  #characterClass(): Test {
    const isOpposite = this.#takes("^");
    const tests: Test[] = [];
    while (!this.#takes("]")) {
      const from = this.#take();
      if (from === "\\") {
        tests.push(this.#escaped());
        continue;
      }
      const isRange = this.#peek() === "-" && this.#text[this.#position + 1] !== "]";
      if (isRange) this.#position++;
      const to = isRange ? this.#take() : from;
      if (to === "\\") throw this.#error("ranges between plain characters", "an escaped one");
      if (to < from) throw this.#error("ranges that go up", `${from}-${to}`);
      tests.push(this.#range(from, to));
    }
    return (read) => tests.some((test) => test(read)) !== isOpposite;
  }

  #range(from: string, to: string): Test {
    const holds: Test = (read) => read >= from && read <= to;
    if (!this.#isCaseless) return holds;
    return (read) => holds(read) || holds(read.toLowerCase()) || holds(read.toUpperCase());
  }

  #peek(): string | undefined {
    return this.#text[this.#position];
  }

  #take(): string {
    const character = this.#peek();
    if (character === undefined) throw this.#error("more characters", "the end");
    this.#position++;
    return character;
  }

  #takes(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#position++;
    return true;
  }

  #error(expected: string, found: string): PatternError {
    return new PatternError(
      `Expected a pattern with ${expected}, got ${found} at character ${this.#position}`,
    );
  }
}
