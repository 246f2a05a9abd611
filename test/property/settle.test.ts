import fc from "fast-check";
import { expect, it } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();

type Step = "next" | "return" | "throw";
/** What a generator does at each step it is asked for. */
type Act = { kind: "yield" | "await" | "throw" | "end" | "catch"; value: number };

const steps = fc.array(fc.constantFrom<Step>("next", "next", "next", "return", "throw"), {
  maxLength: 8,
});
const acts = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom("yield", "yield", "await", "throw", "end", "catch"),
    value: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 6 },
);

function* perform(script: readonly Act[]): Generator<number, string> {
  for (const { kind, value } of script) {
    if (kind === "throw") throw new Error(`thrown ${value}`);
    if (kind === "end") return `end ${value}`;
    try {
      yield value;
    } catch (error) {
      if (kind !== "catch") throw error;
      yield -1;
    }
  }
  return "through";
}

async function* performAsync(script: readonly Act[]): AsyncGenerator<number, string> {
  for (const { kind, value } of script) {
    if (kind === "throw") throw new Error(`thrown ${value}`);
    if (kind === "await") await new Promise((resolve) => setImmediate(resolve));
    if (kind === "end") return `end ${value}`;
    try {
      yield value;
    } catch (error) {
      if (kind !== "catch") throw error;
      yield -1;
    }
  }
  return "through";
}

/** Asks for all steps, at once or each after the one before, and notes what comes of them. */
async function consume(
  iterator: Iterator<unknown> | AsyncIterator<unknown>,
  schedule: readonly Step[],
  isAtOnce: boolean,
): Promise<unknown[]> {
  const take = async (step: Step, index: number): Promise<unknown> => {
    try {
      if (step === "next") return await iterator.next();
      if (step === "return") return await iterator.return?.(`returned ${index}`);
      return await iterator.throw?.(new Error(`thrown in ${index}`));
    } catch (error) {
      return (error as Error).message;
    }
  };
  if (isAtOnce) return Promise.all(schedule.map(take));
  const seen: unknown[] = [];
  for (const [index, step] of schedule.entries()) seen.push(await take(step, index));
  return seen;
}

it.each([
  ["a generator", perform],
  ["an async generator", performAsync],
])("%s gives what it gives unobserved, whatever it is asked, and ends once", async (_kind, run) => {
  await fc.assert(
    fc.asyncProperty(acts, steps, fc.boolean(), async (script, schedule, isAtOnce) => {
      const before = traced.client.stats().offered;
      const expected = await consume(run(script), schedule, isAtOnce);
      const observed = traced.client.observe(run as (script: readonly Act[]) => Iterator<unknown>);
      const iterator = observed(script);
      expect(await consume(iterator, schedule, isAtOnce)).toEqual(expected);
      await consume(iterator, ["return", "return", "return"], false); // whatever is left of it
      expect(traced.client.stats().offered).toBe(before + 1);
    }),
    { numRuns: 150 },
  );
});

it("a ReadableStream gives what it gives unobserved, whatever it is asked, and ends once", async () => {
  const call = fc.constantFrom<"read" | "release" | "cancel">(
    "read",
    "read",
    "read",
    "release",
    "cancel",
  );
  const open = (script: readonly Act[]): ReadableStream<number> => {
    const generator = perform(script);
    return new ReadableStream({
      pull(controller) {
        const { done, value } = generator.next();
        if (done) controller.close();
        else controller.enqueue(value as number); // not done
      },
    });
  };
  const take = async (stream: ReadableStream<number>, calls: readonly string[]) => {
    const seen: unknown[] = [];
    let reader = stream.getReader();
    for (const name of calls) {
      await new Promise((resolve) => setImmediate(resolve)); // what it pulls ahead is there
      try {
        if (name === "read") seen.push(await reader.read());
        else if (name === "cancel") seen.push(await reader.cancel("enough"));
        else {
          reader.releaseLock();
          reader = stream.getReader();
        }
      } catch (error) {
        seen.push((error as Error).message);
      }
    }
    await reader.cancel("the rest").catch(() => {});
    return seen;
  };
  await fc.assert(
    fc.asyncProperty(acts, fc.array(call, { maxLength: 8 }), async (script, calls) => {
      const before = traced.client.stats().offered;
      const expected = await take(open(script), calls);
      expect(await take(traced.client.observe(open)(script), calls)).toEqual(expected);
      expect(traced.client.stats().offered).toBe(before + 1);
    }),
    { numRuns: 150 },
  );
});
