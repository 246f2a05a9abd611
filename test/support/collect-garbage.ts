import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
/** Once, as it is: finalizers have not run yet. */
export const collectGarbage = runInNewContext("gc") as () => void; // there since the flag was set

const nobodys = new FinalizationRegistry<() => void>((collected) => collected());

/** Collects garbage until `isDone`. @throws after ten seconds */
export async function collectUntil(isDone: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isDone()) {
    if (Date.now() > deadline) throw new Error("Not collected within ten seconds");
    collectGarbage();
    await delay(5); // finalizers run in tasks of their own
  }
}

/** Collects garbage often enough that everything nobody holds is gone, finalizers included. */
export async function collectAll(): Promise<void> {
  let isCollected = false;
  nobodys.register({}, () => {
    isCollected = true;
  });
  await collectUntil(() => isCollected);
  // What was held by what is gone now.
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await delay(5);
  }
}
