/** Requests whose session is known late, or twice, or in parallel; the names say which. */

import {
  flush,
  observe,
  type PropagatedAttributes,
  propagateAttributes,
  startAsCurrentSpan,
  startSpan,
  updateCurrentTrace,
} from "playhead";

const lookUp = observe(async (value: string) => value.toUpperCase(), { name: "look-up" });

/** Two children end before the session is known, one of them a grandchild. */
await startAsCurrentSpan("late", async () => {
  await startAsCurrentSpan("late/first-child", async (child) => {
    child.startSpan("late/grandchild").end();
    await lookUp("a");
  });
  startSpan("late/second-child").end();
  updateCurrentTrace({ sessionId: "known-late", userId: "user-late", tags: ["late"] });
});

/** Each waits for the others between its children, so that all are open at the same time. */
const meeting = createBarrier(20);
await Promise.all(
  Array.from({ length: 20 }, (_, index) =>
    startAsCurrentSpan(`parallel-${index}`, async () => {
      startSpan(`parallel-${index}/before`).end();
      await meeting();
      startSpan(`parallel-${index}/after`).end();
      updateCurrentTrace({ sessionId: `session-${index}` });
    }),
  ),
);

await startAsCurrentSpan("twice", async (root) => {
  root.updateTrace({ sessionId: "the-first" });
  startSpan("twice/child").end();
  root.updateTrace({ sessionId: "the-last" });
});

const outside: PropagatedAttributes = { sessionId: "propagated", userId: "user-outside" };
await propagateAttributes(outside, () =>
  startAsCurrentSpan("outside", async () => startSpan("outside/child").end()),
);
await propagateAttributes(outside, () =>
  startAsCurrentSpan("outside-then-set", async (root) => {
    startSpan("outside-then-set/child").end();
    root.updateTrace({ sessionId: "set-inside" });
  }),
);

await startAsCurrentSpan("inside", async (root) => {
  root.updateTrace({ sessionId: "of-the-trace" });
  startSpan("inside/before").end();
  await propagateAttributes({ sessionId: "of-the-scope" }, async () => {
    startSpan("inside/within").end();
  });
  startSpan("inside/behind").end();
});

console.log(JSON.stringify(await flush()));

function createBarrier(count: number): () => Promise<void> {
  let arrivedCount = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrivedCount += 1;
    if (arrivedCount === count) open();
    return opened;
  };
}
