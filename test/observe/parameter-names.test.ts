// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source texts of functions
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readParameterNames } from "../../src/observe/parameter-names";

/** Evaluated from its text, so that no compiler has its hands in it. */
function evaluate(source: string): unknown {
  return new Function(`return (${source});`)();
}

function namesOf(source: string): readonly string[] | undefined {
  return readParameterNames(evaluate(source))?.names;
}

describe("names of parameters", () => {
  it.each([
    ["function f(a, b) {}", ["a", "b"]],
    ["function () {}", []],
    ["function /* ( */ f /* x, */ (a /* , c */, // )\n b) {}", ["a", "b"]],
    ["async function f(a, b) {}", ["a", "b"]],
    ["function* f(a, b) {}", ["a", "b"]],
    ["async function * f(a, b) {}", ["a", "b"]],
    ["(a, b) => a", ["a", "b"]],
    ["async (a, b) => a", ["a", "b"]],
    ["a => a", ["a"]],
    ["async a => a", ["a"]],
    ["async => async", ["async"]],
    ["(a, b = 2, c) => a", ["a", "b", "c"]],
    ["(a, ...rest) => a", ["a", "rest"]],
    ["(a, b,) => a", ["a", "b"]],
    ["($, _0, größe, \u{2F81A}) => 0", ["$", "_0", "größe", "\u{2F81A}"]],
    ["({ method(a, b) {} }).method", ["a", "b"]],
    ["({ async method(a, b) {} }).method", ["a", "b"]],
    ["({ async *method(a, b) {} }).method", ["a", "b"]],
    ["({ ['com' + 'puted()'](a, b) {} })['computed()']", ["a", "b"]],
    ["({ 'quoted(x)'(a, b) {} })['quoted(x)']", ["a", "b"]],
    ["({ 12(a, b) {} })[12]", ["a", "b"]],
    ["Object.getOwnPropertyDescriptor({ set x(value) {} }, 'x').set", ["value"]],
    ["class { static #p(a, b) {} static get() { return this.#p } }.get()", ["a", "b"]],
  ])("are read from %s", (source, names) => {
    expect(namesOf(source)).toEqual(names);
  });

  it.each([
    ['(a, b = ")", c = `,${")"},`, d = /[,)/]/, e = \'\\\')\') => 0', "abcde"],
    ["(a, b = { x: [1, (2, 3)] }, c = (x, y) => ({ x, y }), d = a / b / 2) => 0", "abcd"],
    ["(a, b = function (x, y) { return /\\)/.test(x) }, c = class { m(q, r) {} }) => 0", "abc"],
    ["(a, b = a ? /,/ : `${`${')'}`}`, c = a < b, d = 1) => 0", "abcd"],
  ])("pass over the default values in %s", (source, names) => {
    expect(namesOf(source)).toEqual([...names]);
  });

  it.each([
    ["class { constructor(a, b) {} }", ["a", "b"]],
    [
      "class A extends (class B { constructor(x) {} }) { constructor(a, b) { super(a); } }",
      ["a", "b"],
    ],
    ["class A { static constructor(x) {} method(y) {} constructor(a, b) {} }", ["a", "b"]],
    [
      'class A { text = "constructor(x) {"; pattern = /constructor(y)/; method() { this.constructor(1); } constructor(a) {} }',
      ["a"],
    ],
    ["class A { 'quoted'(z) {} get constructors() { return 1 } constructor(a) {} }", ["a"]],
    ["class A {}", []],
  ])("of a class are those of its constructor: %s", (source, names) => {
    expect(namesOf(source)).toEqual(names);
  });

  it.each([
    ["({ a, b }, c) => a"],
    ["([a, b], c) => a"],
    ["(a, ...[b, c]) => a"],
    ["Math.max"],
    ["(function f(a, b) {}).bind(null)"],
    ["new Proxy((a, b) => a, {})"],
    ["class A extends (class { constructor(x) {} }) {}"],
    ["class A { ['constructor'](x) {} constructor(a, b) {} static length = 7 }"],
    ["Object.assign((a, b) => a, { toString: () => '(other' })"],
    ["Object.assign((a, b) => a, { toString() { throw new Error('no') } })"],
    ["Object.defineProperty((a, b) => a, 'length', { value: 5 })"],
    ["new Function('a', 'a', 'return a')"],
    ["(a, __proto__) => a"],
  ])("are not known of %s", (source) => {
    expect(namesOf(source)).toBeUndefined();
  });

  it("are those that were written, whatever stands between and behind them", () => {
    const name = fc.stringMatching(/^[a-z]{1,3}[0-9_$]$/); // no word of the language
    const blank = fc.constantFrom("", " ", "\n", "/* , ( */", "// ) =>\n");
    const value = fc.constantFrom(
      "1",
      '")"',
      "`${')'}`",
      "/[)/]/",
      "(x, y) => ({})",
      "[{}, ()=>0]",
    );
    const parameter = fc.tuple(blank, name, blank, fc.option(value));
    const list = fc.uniqueArray(parameter, { selector: ([, name]) => name, maxLength: 5 });
    const form = fc.constantFrom(
      (inner: string) => `function f(${inner}) { return (")(", 1) }`,
      (inner: string) => `async (${inner}) => ({})`,
      (inner: string) => `({ *m(${inner}) {} }).m`,
      (inner: string) => `class { x = 1; constructor(${inner}) {} }`,
    );
    fc.assert(
      fc.property(list, form, (parameters, write) => {
        const inner = parameters.map(([before, name, after, value]) =>
          [before, name, after, value === null ? "" : `= ${value}`].join(""),
        );
        expect(namesOf(write(inner.join(",")))).toEqual(parameters.map(([, name]) => name));
      }),
    );
  });

  it("are read without throwing from any text", () => {
    const text = fc.string({ unit: fc.constantFrom(..."(){}[]=>,.`'\"/\\$*# \nab0class async") });
    fc.assert(
      fc.property(text, (source) => {
        readParameterNames(Object.assign(() => 0, { toString: () => source }));
      }),
    );
  });

  it("say whether the function may see arguments beyond them", () => {
    const sees = (source: string) => readParameterNames(evaluate(source))?.seesAllArguments;
    expect(sees("(a) => a")).toBe(false);
    expect(sees("(a, ...b) => a")).toBe(true);
    expect(sees("function f(a) { return arguments.length }")).toBe(true);
  });
});
