import { describe, expect, it } from "vitest";
import {
  type AnyKind,
  boolean,
  check,
  either,
  listOf,
  number,
  objectOf,
  optional,
  text,
  textsByName,
  wholeNumber,
  withDefault,
} from "../../src/config/kinds";

const box = objectOf({ size: withDefault(wholeNumber(1, 9), 3), label: optional(text()) });

function outcomeOf(kind: AnyKind, given: unknown): unknown {
  const checked = check(kind, given);
  return checked.problems === undefined ? checked.value : checked.problems;
}

describe("numbers", () => {
  it.each([0, 0.5, 1])("take what is within their bounds: %s", (value) => {
    expect(outcomeOf(number(0, 1), value)).toBe(value);
  });

  it.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY, "1", null, 1n])(
    "refuse anything else: %s",
    (value) => {
      expect(outcomeOf(number(0, 1), value)).toEqual([{ path: [] }]);
    },
  );

  it.each([0.5, 0, 2 ** 53, Number.NaN, "1"])("refuse what is not whole: %s", (value) => {
    expect(outcomeOf(wholeNumber(1), value)).toEqual([{ path: [] }]);
  });
});

describe("text", () => {
  it("is tested after it was tidied", () => {
    const word = text(
      (value) => /^[a-z]+$/.test(value),
      (value) => value.trim(),
    );
    expect(outcomeOf(word, " ab\n")).toBe("ab");
    expect(outcomeOf(word, " a b\n")).toEqual([{ path: [] }]);
  });
});

describe("an object", () => {
  it("gets what is not given from its fields, and keeps no others", () => {
    expect(outcomeOf(box, {})).toEqual({ size: 3 });
    expect(outcomeOf(box, { size: undefined, label: "a" })).toEqual({ size: 3, label: "a" });
  });

  it("tells all that is wrong at once, with its place", () => {
    expect(outcomeOf(objectOf({ box, on: boolean }), { box: { size: 0, lable: "" } })).toEqual([
      { path: ["box", "size"] },
      { path: ["box"], unknownKeys: ["lable"] },
      { path: ["on"] },
    ]);
  });

  it.each([null, [], "text", 5, undefined])("is not %s", (value) => {
    expect(outcomeOf(box, value)).toEqual([{ path: [] }]);
  });

  it("does not take the names that every object has for its own", () => {
    const given: unknown = JSON.parse('{"__proto__":{"size":1},"constructor":1}');
    expect(outcomeOf(box, given)).toEqual([
      { path: [], unknownKeys: ["__proto__", "constructor"] },
    ]);
  });
});

describe("either", () => {
  const flagOrBox = either(boolean, box);

  it("takes both", () => {
    expect(outcomeOf(flagOrBox, false)).toBe(false);
    expect(outcomeOf(flagOrBox, { size: 4 })).toEqual({ size: 4 });
  });

  it("is one problem where the value is of neither", () => {
    expect(outcomeOf(flagOrBox, { size: "a", label: 1 })).toEqual([{ path: [] }]);
  });

  it("tells unknown names, and whether they are all that is wrong", () => {
    expect(outcomeOf(flagOrBox, { lable: "" })).toEqual([{ path: [], unknownKeys: ["lable"] }]);
    expect(outcomeOf(flagOrBox, { size: 0, lable: "" })).toEqual([
      { path: [] },
      { path: [], unknownKeys: ["lable"] },
    ]);
  });
});

describe("a list", () => {
  it("is copied and frozen", () => {
    const given = [1, 2];
    const read = outcomeOf(listOf(wholeNumber(0)), given);
    expect(read).toEqual(given);
    expect(read).not.toBe(given);
    expect(Object.isFrozen(read)).toBe(true);
  });

  it("has as many items as it must, each of its kind, holes included", () => {
    expect(outcomeOf(listOf(boolean, 1), [])).toEqual([{ path: [] }]);
    expect(outcomeOf(listOf(boolean), new Array(2))).toEqual([{ path: [0] }, { path: [1] }]);
  });
});

describe("texts by name", () => {
  const short = textsByName(
    (name) => name !== "",
    (value) => value.length < 3,
  );

  it("are copied", () => {
    const given = { a: "b" };
    expect(outcomeOf(short, given)).toEqual(given);
    expect(outcomeOf(short, given)).not.toBe(given);
    expect(outcomeOf(short, Object.assign(Object.create(null), given))).toEqual(given);
  });

  it.each([{ a: 1 }, { "": "b" }, { a: "bcd" }, new Map(), new Headers(), [], null, "a"])(
    "are not %o",
    (value) => {
      expect(outcomeOf(short, value)).toEqual([{ path: [] }]);
    },
  );
});
