import { queryObjects } from "node:v8";
import { expect, it, vi } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();

const current = (): string | undefined => traced.client.getCurrentObservation()?.name;

it("lets go of the calls in progress when its block is left, in a loop that waits for nothing", () => {
  class Receiver {
    work(): void {
      using _ = traced.client.startAsCurrentSpan("round");
      traced.client.startSpan("leaf").end();
    }
  }
  for (let round = 0; round < 50; round += 1) new Receiver().work();

  expect(queryObjects(Receiver)).toBe(0); // collects what nobody holds
});

it("looks at the calls in progress once for each observation that starts in its block", () => {
  const { client } = traced;
  const observed = client.observe(() => "result");
  using span = client.startAsCurrentSpan("block");
  current(); // the block is known from here on
  const capture = vi.spyOn(Error, "captureStackTrace");
  const lookups = (start: () => unknown): number => {
    capture.mockClear();
    start();
    return capture.mock.calls.length;
  };
  try {
    expect(lookups(() => observed())).toBe(1);
    expect(lookups(() => client.startSpan("manual").end())).toBe(1);
    expect(lookups(() => client.startAsCurrentSpan("active", () => 1))).toBe(1);
    expect(lookups(() => span.startAsCurrentSpan("child", () => 1))).toBe(1);
  } finally {
    capture.mockRestore();
  }
});

it("is told from its caller up to a depth, and beyond is current until it ends", async () => {
  const called = async (): Promise<void> => {
    using _ = traced.client.startAsCurrentSpan("called");
    await Promise.resolve();
  };
  /** What is current for the caller, `depth` calls down. */
  const beside = (depth: number): string | undefined => {
    if (depth > 0) return beside(depth - 1);
    void called();
    return current();
  };
  expect(beside(150)).toBeUndefined();
  await new Promise(setImmediate);
  expect(beside(400)).toBe("called");
  await new Promise(setImmediate);
  expect(current()).toBeUndefined();
});
