/**
 * `npm run screenshots`: runs the examples against a studio and takes the pictures of the README from
 * it, in both themes, into docs/images. Needs Chromium, as the browser tests do.
 */

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startStudio } from "playhead/studio";
import type { Page } from "playwright-core";
import { sessionPath, tracePath } from "../src/studio/page/route";
import { launchBrowser } from "../test/support/browser";
import { readStudio } from "./demo-evidence";
import { EXAMPLE, runExample } from "./demo-example";

const ROOT = new URL("..", import.meta.url);
const IMAGES = fileURLToPath(new URL("docs/images/", ROOT));
const THEMES = ["light", "dark"] as const;
const VIEWPORT = { width: 1440, height: 900 };
const ARRIVAL_TIMEOUT_MS = 10_000;
/** The user of the support chat whose session is shown. */
const USER = "ada";
/** The answer to be seen while it is written: of the second turn, so that a whole one stands above. */
const TYPED_TURN = 1;
const TYPED_TEXT = /.{60}/s;
/** What the pictures' session is scored by. */
const SCORE_CONFIGS = [
  { name: "correct", dataType: "BOOLEAN" },
  { name: "quality", dataType: "NUMERIC", minValue: 0, maxValue: 1 },
  {
    name: "tone",
    dataType: "CATEGORICAL",
    categories: ["curt", "friendly", "salesy"].map((label, value) => ({ label, value })),
  },
];

const studio = await startStudio({ port: 0, db: ":memory:" });
await runExamples();
for (const config of SCORE_CONFIGS) {
  const response = await fetch(`${studio.url}/api/public/score-configs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(config),
  });
  if (!response.ok) throw new Error(`Expected a score config to be kept, got ${response.status}`);
}
const { sessions } = await readStudio(
  studio.url,
  (content) => content.sessions.some(({ session }) => session.userIds.includes(USER)),
  ARRIVAL_TIMEOUT_MS,
);
const shown = sessions.find(({ session }) => session.userIds.includes(USER));
/** Of the turns the one with the most steps, and in it the last call of a model. */
const turn = shown?.turns.reduce((most, one) =>
  one.observations.length > most.observations.length ? one : most,
);
const step = turn?.observations.findLast(({ type }) => type === "generation");
if (shown === undefined || turn === undefined || step === undefined) {
  throw new Error(`Expected a session of ${USER} with a call of a model, found none`);
}

const browser = await launchBrowser();
for (const colorScheme of THEMES) {
  const context = await browser.newContext({ viewport: VIEWPORT, colorScheme });
  const page = await context.newPage();
  const open = (path: string) => page.goto(studio.url + path);
  const take = (name: string) => page.screenshot({ path: `${IMAGES}${name}-${colorScheme}.png` });

  await open("/sessions");
  await page
    .getByTestId("session-row")
    .nth(sessions.length - 1)
    .waitFor();
  await page.keyboard.press("j");
  await take("sessions");

  await open(`${sessionPath(shown.session.id)}?t=0`);
  await playToTypedAnswer(page);
  await take("replay");

  await open(`${tracePath(turn.traceId, step.id)}&view=waterfall`);
  await page.getByTestId("detail-output").waitFor();
  await take("trace");

  await open("/compare?a=one-passage&b=four-passages");
  const second = page.getByTestId("compare-pair").nth(1);
  await second.scrollIntoViewIfNeeded();
  await second.locator(".diff-added, ins").first().waitFor();
  await take("compare");

  await open(sessionPath(shown.session.id));
  await page.getByTestId("turn").first().waitFor();
  await page.keyboard.press("a");
  await page.getByRole("dialog").getByText("quality").waitFor();
  await take("score");
  await context.close();
}
await browser.close();
await studio.close();
console.log(`${5 * THEMES.length} pictures are in docs/images.`);

/** The support chat last, so that its sessions stand on top of the list. */
async function runExamples(): Promise<void> {
  const others = readdirSync(new URL("examples/", ROOT), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !EXAMPLE.includes(entry.name))
    .map(({ name }) => `examples/${name}/main.ts`);
  for (const example of [...others, EXAMPLE]) {
    const { exitCode, output } = await runExample(studio.url, example);
    if (exitCode !== 0) throw new Error(`${example} ended with ${exitCode}:\n${output}`);
  }
}

/** Plays slowly until some of the answer stands there. */
async function playToTypedAnswer(page: Page): Promise<void> {
  await page.getByTestId("player-speed").selectOption("0.5");
  await page.locator("body").click({ position: { x: 2, y: 200 } }); // away from the choice of speed
  await page.keyboard.press("Space");
  await page
    .getByTestId("turn")
    .nth(TYPED_TURN)
    .locator("[data-typing]")
    .filter({ hasText: TYPED_TEXT })
    .waitFor();
}
