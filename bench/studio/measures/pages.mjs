/**
 * How soon the page shows something, in Chromium with an empty cache, from the request to the frame
 * that has it: the first page of 50,000 sessions, and a session of 1,000 turns with its player. Needs Chromium.
 * Run by itself: `node --import tsx bench/studio/measures/pages.mjs`
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "../../../test/support/browser.ts";
import { filledStore } from "../lib/filled-store.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const OBSERVATIONS = Number(process.env.PLAYHEAD_BENCH_OBSERVATIONS ?? 1_000_000);
const TURNS = 1_000;
const TIMES = 5;
const VIEWPORT = { width: 1440, height: 900 };

const budgets = JSON.parse(readFileSync(new URL("../budgets.json", import.meta.url), "utf8"));

/** @returns rows `{ name, value, unit, budget, isMet }`: of {@link TIMES} openings the one in the middle */
export async function run() {
  const browser = await launchBrowser();
  const rows = [];
  try {
    const full = await startStudioProcess({
      db: await filledStore({ observationCount: OBSERVATIONS }),
    });
    try {
      const list = await openings(browser, `${full.url}/sessions`, ["[data-testid=session-row]"]);
      rows.push(row("first page of sessions visible", list.visibleMs));
      rows.push(row("first page of sessions main thread", list.busyMs));
    } finally {
      await full.stop();
    }
    const studio = await startStudioProcess();
    try {
      await sendLongSession(studio.url);
      const wanted = ["[data-testid=turn-assistant]", "[data-testid=player]"];
      const session = await openings(browser, `${studio.url}/sessions/long`, wanted);
      rows.push(row("1,000-turn session opens", session.visibleMs));
      rows.push(row("1,000-turn session main thread", session.busyMs));
    } finally {
      await studio.stop();
    }
  } finally {
    await browser.close();
  }
  return rows;
}

async function openings(browser, url, selectors) {
  const visible = [];
  const busy = [];
  for (let time = 0; time < TIMES; time += 1) {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await context.newPage();
    await page.addInitScript((wanted) => {
      new MutationObserver((_, observer) => {
        if (!wanted.every((selector) => document.querySelector(selector))) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => (window.visibleMs = performance.now())));
      }).observe(document, { childList: true, subtree: true });
    }, selectors);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.goto(url);
    await page.waitForFunction(() => window.visibleMs !== undefined);
    visible.push(await page.evaluate(() => window.visibleMs));
    const { metrics } = await devtools.send("Performance.getMetrics");
    busy.push(1_000 * metrics.find(({ name }) => name === "TaskDuration").value);
    await context.close();
  }
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(TIMES / 2)];
  return { visibleMs: middle(visible), busyMs: middle(busy) };
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

function row(name, value) {
  const budget = budgets[name]?.atMost;
  return { name, value, unit: "ms", budget, isMet: !(value > budget) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());
