// An application in ESM, run where only the packed package is installed.
import { createRequire } from "node:module";
import * as playhead from "playhead";
import { startStudio } from "playhead/studio";

const studio = await startStudio({ port: 0, db: ":memory:" });
const client = new playhead.Playhead({ baseUrl: studio.url });

const answer = playhead.observe(async function answer(question) {
  playhead.updateCurrentTrace({ sessionId: "esm" });
  return question.toUpperCase();
});
await client.startAsCurrentSpan("request", async () => answer("anybody?"));

// The other copy, for a dependency that is still CommonJS.
const copy = createRequire(import.meta.url)("playhead");
await client.startAsCurrentSpan("outer", async () => {
  copy.startAsCurrentSpan("inner", () => copy.updateCurrentTrace({ sessionId: "both" }));
});

const report = await copy.flush();
const response = await fetch(`${studio.url}/api/public/v2/observations?limit=1000`);
const { data } = await response.json();
await studio.close();
console.log(
  JSON.stringify({
    report,
    spans: Object.fromEntries(data.map(({ name, sessionId }) => [name, sessionId])),
    parentOfInner: data.find(({ name }) => name === "inner").parentObservationId,
    idOfOuter: data.find(({ name }) => name === "outer").id,
    isCopy: copy.Playhead !== playhead.Playhead,
    isClientShared: copy.getClient() === client && playhead.getClient() === client,
  }),
);
