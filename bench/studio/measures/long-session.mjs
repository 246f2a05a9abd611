/**
 * When a session of 1,000 turns can be read and played, in a new browser profile: from the start of
 * the navigation to the frame that has the first answer and the player; and what a frame costs the
 * page's main thread while it is scrolled. Run by itself:
 * `node --import tsx bench/studio/measures/long-session.mjs`
 */

import { fileURLToPath } from "node:url";
import { launchBrowser } from "../../../test/support/browser.ts";
import { median } from "../../lib/statistics.mjs";
import { tableOf, timesRow } from "../lib/rows.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const TURNS = 1_000;
const TIMES = 10;
const SCROLL_STEPS = 80;
const VIEWPORT = { width: 1_440, height: 900 };
const WANTED = ["[data-testid=turn-assistant]", "[data-testid=player]"];

/** @returns rows of the table */
export async function run() {
  const studio = await startStudioProcess();
  const browser = await launchBrowser();
  try {
    await sendLongSession(studio.url);
    const address = `${studio.url}/sessions/long`;
    await open(browser, address); // the browser itself warms up
    const openings = [];
    while (openings.length < TIMES) openings.push(await open(browser, address));
    const scrolls = openings.map(({ frameMs }) => frameMs);
    const visible = openings.map(({ visibleMs }) => visibleMs);
    const busyMs = median(openings.map((opening) => opening.busyMs));
    return [
      timesRow("1,000-turn session opens", undefined, visible, busyMs),
      timesRow("a frame of scrolling through it", undefined, scrolls),
    ];
  } finally {
    await browser.close();
    await studio.stop();
  }
}

/** @returns when it was visible, how long the main thread worked until then, and for each frame of scrolling, all in milliseconds */
async function open(browser, url) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchFor, WANTED);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(url, { waitUntil: "commit" });
    const found = await page.waitForFunction(() => window.visibleMs);
    const busyMs = await taskMs(devtools);
    for (let step = 0; step < SCROLL_STEPS; step += 1) {
      await page.mouse.wheel(0, 300);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    const frameMs = ((await taskMs(devtools)) - busyMs) / SCROLL_STEPS;
    return { visibleMs: await found.jsonValue(), busyMs, frameMs };
  } finally {
    await context.close();
  }
}

/** How long the page's main thread has worked, without the time of other programs. */
async function taskMs(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return 1_000 * metrics.find(({ name }) => name === "TaskDuration").value;
}

/** Runs in the page, before its own scripts. */
function watchFor(selectors) {
  const observer = new MutationObserver(() => {
    if (!selectors.every((selector) => document.querySelector(selector))) return;
    observer.disconnect();
    // The second frame begins when the first has been painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        window.visibleMs = performance.now();
      }),
    );
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** Each turn with a tool and a generation, as any OTLP client sends them. */
async function sendLongSession(url) {
  const startMs = Date.UTC(2026, 5, 1);
  for (let from = 0; from < TURNS; from += 100) {
    const spans = Array.from({ length: 100 }, (_, at) => turn(from + at, startMs)).flat();
    const response = await fetch(`${url}/api/public/otel/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    });
    if (response.status !== 200) throw new Error(`The studio answered ${response.status}`);
  }
}

function turn(index, originMs) {
  const traceId = (index + 1).toString(16).padStart(32, "0");
  const startMs = originMs + index * 10_000;
  const ids = ["a", "b", "c"].map((place) => place + index.toString(16).padStart(15, "0"));
  const span = (place, name, type, [fromMs, toMs], more = {}) => ({
    traceId,
    spanId: ids[place],
    ...(place > 0 && { parentSpanId: ids[0] }),
    name,
    startTimeUnixNano: `${startMs + fromMs}000000`,
    endTimeUnixNano: `${startMs + toMs}000000`,
    attributes: Object.entries({
      "session.id": "long",
      "langfuse.observation.type": type,
      ...more,
    }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  });
  return [
    span(0, "answer", "chain", [0, 2_000], {
      "langfuse.observation.input": `Question number ${index}, about a ship?`,
      "langfuse.observation.output": `Answer ${index}. ${"It sails along the **coast**. ".repeat(1 + (index % 9))}`,
    }),
    span(1, "look-up", "tool", [100, 400]),
    span(2, "reply", "generation", [500, 2_000], { "langfuse.observation.model.name": "gpt-4o" }),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(tableOf(await run()));
