// An application in CommonJS, run where only the packed package is installed.
const { flush, getClient, observe, Playhead, updateCurrentTrace } = require("playhead");
const { startStudio } = require("playhead/studio");

async function main() {
  const studio = await startStudio({ port: 0, db: ":memory:" });
  const client = new Playhead({ baseUrl: studio.url });

  const answer = observe(async function answer(question) {
    updateCurrentTrace({ sessionId: "cjs" });
    return question.toUpperCase();
  });
  await client.startAsCurrentSpan("request", async () => answer("anybody?"));

  const report = await flush();
  const response = await fetch(`${studio.url}/api/public/v2/observations?limit=1000`);
  const { data } = await response.json();
  await studio.close();
  console.log(
    JSON.stringify({
      report,
      spans: Object.fromEntries(data.map(({ name, sessionId }) => [name, sessionId])),
      isClientShared: getClient() === client,
    }),
  );
}

main();
