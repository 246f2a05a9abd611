import { expect, it, onTestFinished, vi } from "vitest";
import { isWorkUnderWay, runUnfinished } from "../../../src/studio/page/unfinished-work";

it("has the browser ask before it leaves until the last of what is under way is done", async () => {
  const window = new EventTarget();
  vi.stubGlobal("window", window);
  onTestFinished(() => void vi.unstubAllGlobals());
  const ends: (() => void)[] = [];
  const work = (): Promise<void> => new Promise((resolve) => void ends.push(resolve));
  const asks = (): boolean =>
    !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const seen: unknown[] = [[isWorkUnderWay(), asks()]];
  const [first, second] = [runUnfinished(work), runUnfinished(work)];
  seen.push([isWorkUnderWay(), asks()]);
  ends[0]?.();
  await first;
  seen.push([isWorkUnderWay(), asks()]);
  ends[1]?.();
  await second;
  seen.push([isWorkUnderWay(), asks()]);
  expect(seen).toEqual([
    [false, false],
    [true, true],
    [true, true],
    [false, false],
  ]);
});
