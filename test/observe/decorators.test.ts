import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { PlayheadError } from "../../src/diagnostics/errors";
import type { Observe } from "../../src/index";
import { useTraced } from "../support/traced";

const traced = useTraced();
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LEGACY: ts.CompilerOptions = { experimentalDecorators: true };
const TC39: ts.CompilerOptions = { experimentalDecorators: false };

function fixture(name: string): string {
  return `${ROOT}test/observe/fixtures/${name}.ts`;
}

/** Problems that the compiler finds in the fixtures themselves, under this repository's settings. */
function problemsOf(names: readonly string[], options: ts.CompilerOptions): string[] {
  const config = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile).config as unknown;
  const { options: base } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(names.map(fixture), { ...base, ...options });
  return names
    .map((name) => program.getSourceFile(fixture(name)))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .map(({ messageText, file, start }) => {
      const line = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
      return `${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

/** Runs what the compiler makes of a fixture, which imports nothing but types. */
function load<Exports>(name: string, options: ts.CompilerOptions): Exports {
  const { outputText } = ts.transpileModule(readFileSync(fixture(name), "utf8"), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      ...options,
    },
  });
  const exports = {};
  new Function("exports", outputText)(exports);
  return exports as Exports; // the caller names the fixture and its type together
}

type InBothModes = typeof import("./fixtures/decorated-in-both-modes");
type InTc39 = typeof import("./fixtures/decorated-tc39");
/** Written out: the fixture compiles with `experimentalDecorators` only. */
interface InLegacy {
  declareProperty(observe: Observe): new () => object;
}

/** Name, input and output of each span, in the order they ended. */
async function recorded(): Promise<[string, unknown, unknown][]> {
  await traced.client.flush();
  return traced.sink
    .spans()
    .map(({ name, attributes }) => [
      name,
      attributes["langfuse.observation.input"],
      attributes["langfuse.observation.output"],
    ]);
}

describe("the types", () => {
  it("compile as TC39 decorators", () => {
    expect(problemsOf(["decorated-in-both-modes", "decorated-tc39"], TC39)).toEqual([]);
  });

  it("compile with experimentalDecorators", () => {
    expect(problemsOf(["decorated-in-both-modes", "decorated-legacy"], LEGACY)).toEqual([]);
  });
});

describe.each([
  ["as TC39 defines them", TC39],
  ["as TC39 defines them, compiled for ES2018", { ...TC39, target: ts.ScriptTarget.ES2018 }],
  ["with experimentalDecorators", LEGACY],
  [
    "with experimentalDecorators, compiled for ES2022 fields",
    { ...LEGACY, useDefineForClassFields: true },
  ],
])("decorators %s", (_title, options) => {
  const declare = () =>
    load<InBothModes>("decorated-in-both-modes", options).declareClasses(traced.client.observe);

  it("observe methods under their names, with this, arguments and result", async () => {
    const { Service } = declare();
    const service = new Service("?");

    expect(service.bare("a")).toBe("a?");
    expect(await service.later("b", 2)).toBe("bb?");
    expect(service.withOptions("four")).toBe(4);
    expect(Service.shout("hey")).toBe("hey!");
    expect([...service.count(2)]).toEqual([1, 2]);
    expect(service.callSymbol()).toBe("symbol?");
    expect(service.suffix).toBe("?");
    expect(await recorded()).toEqual([
      ["bare", "a", "a?"],
      ["bare", "bb", "bb?"],
      ["later", '{"text":"b","times":2}', "bb?"],
      ["renamed", "4", "4"],
      ["shout", "hey", "hey!"],
      ["count", "2", "[1,2]"],
      ["[member]", undefined, "symbol?"],
      ["suffix", undefined, "?"],
    ]);
  });

  it("leave methods on the prototype, not enumerable, with name and length", () => {
    const { Service } = declare();
    const descriptor = Object.getOwnPropertyDescriptor(Service.prototype, "later");

    expect(descriptor).toMatchObject({ enumerable: false, configurable: true, writable: true });
    expect([Service.prototype.later.name, Service.prototype.later.length]).toEqual(["later", 1]);
  });

  it("observe classes, with their private and static members", async () => {
    const { Account, Bare, Derived, Base } = declare();
    const account = Account.open(4);

    expect(account.balance).toBe(5);
    expect(account).toBeInstanceOf(Account);
    expect(() => new Account(11)).toThrow("over the limit");
    expect(Account.opened).toBe(1);
    expect(new Bare().made).toBe(true);
    expect(new Derived().kind).toBe("derived");
    expect(new Derived()).toBeInstanceOf(Base);
    const names = (await recorded()).map(([name]) => name);
    expect(names).toEqual(["Account", "Account", "Bare", "Base class", "Base class"]);
  });
});

describe("TC39 decorators", () => {
  it("observe private methods, accessors, getters, setters and fields that hold a function", async () => {
    const Agent = load<InTc39>("decorated-tc39", TC39).declareClass(traced.client.observe);
    const agent = new Agent("Ada");

    expect(await agent.think("why", 2)).toBe("Ada: why2");
    expect(agent.onDone).toBeUndefined();
    expect(Agent.check("x")).toBe(true);
    expect(agent.name).toBe("Ada");
    agent.nickname = "glad";
    expect(agent.mood).toBe("glad");
    Agent.count = 3;
    expect(Agent.count).toBe(3);
    expect(await recorded()).toEqual([
      ["#reason", "why", "Ada: why"],
      ["think", '{"question":"why","depth":2}', "Ada: why2"],
      ["#check", "x", "true"],
      ["name", undefined, "Ada"],
      ["mood", "glad", undefined],
      ["nickname", "glad", undefined],
      ["mood", undefined, "glad"],
      ["count", "3", undefined],
      ["count", undefined, "3"],
    ]);
  });

  it.each([
    ["as it is", {}],
    ["compiled for ES2018", { target: ts.ScriptTarget.ES2018 }],
  ])("observe a class with private static members, %s", async (_title, target) => {
    const fixtures = load<InTc39>("decorated-tc39", { ...TC39, ...target });
    const Account = fixtures.declareClassWithPrivateStatics(traced.client.observe);

    expect(Account.open(4).balance).toBe(5);
    expect(() => new Account(11)).toThrow("over the limit");
    expect((await recorded()).map(([name]) => name)).toEqual(["Account", "Account"]);
  });

  it("refuse a field that holds something else, and say what was expected", () => {
    const Wrong = load<InTc39>("decorated-tc39", TC39).declareWrongField(traced.client.observe);
    expect(() => new Wrong()).toThrow(PlayheadError);
    expect(() => new Wrong()).toThrow(
      'Expected @observe() on a class, a method, an accessor or a field that holds a function, got the field "value" with a value of type number.',
    );
  });
});

describe("legacy decorators", () => {
  it("refuse properties and parameters, and say what was expected", () => {
    const { observe } = traced.client;
    const { declareProperty } = load<InLegacy>("decorated-legacy", LEGACY);
    expect(() => declareProperty(observe)).toThrow(
      /Expected @observe\(\) on .*, got the property "think"\. Wrap its value instead/,
    );
    const decorateParameter = observe() as (target: object, key: string, index: number) => unknown;
    expect(() => decorateParameter({}, "method", 0)).toThrow(/got a parameter of "method"/);
  });
});

describe("observe()", () => {
  it("without arguments gives a wrapper", async () => {
    expect(traced.client.observe()((value: number) => value + 1)(1)).toBe(2);
    expect((await recorded()).map(([name]) => name)).toEqual(["anonymous"]);
  });

  it("refuses a name in place of the options, and says where it goes", () => {
    // @ts-expect-error a text is no options
    expect(() => traced.client.observe(() => 1, "name")).toThrow(/observe\(fn, \{ name: … \}\)/);
  });

  it("refuses undefined, which was meant to be a function", () => {
    const service: { missing?: () => void } = {};
    expect(() => traced.client.observe(service.missing as () => void)).toThrow(PlayheadError);
  });
});
