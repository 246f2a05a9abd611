/**
 * When the first page of sessions is to be seen, in a new browser profile, with 1,000,000
 * observations in the file: from the start of the navigation to the frame that shows rows. Run by
 * itself: `node --import tsx bench/studio/measures/first-page.mjs`
 */

import { fileURLToPath } from "node:url";
import { launchBrowser } from "../../../test/support/browser.ts";
import { filledStore, OBSERVATIONS, SEED } from "../lib/filled-store.mjs";
import { tableOf, timesRow } from "../lib/rows.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const TIMES = 10;

/** @returns rows of the table */
export async function run() {
  const db = await filledStore({ observationCount: OBSERVATIONS, seed: SEED });
  const studio = await startStudioProcess({ db });
  const browser = await launchBrowser();
  try {
    const times = [];
    await visibleAfterMs(browser, studio.url); // the browser itself warms up
    while (times.length < TIMES) times.push(await visibleAfterMs(browser, studio.url));
    return [timesRow("first page", "rows to be seen", times)];
  } finally {
    await browser.close();
    await studio.stop();
  }
}

async function visibleAfterMs(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchForRows);
    await page.goto(url, { waitUntil: "commit" });
    const found = await page.waitForFunction(() => window.rowsSeenAtMs);
    return await found.jsonValue();
  } finally {
    await context.close();
  }
}

/** Runs in the page, before its own scripts. Times count from the start of the navigation. */
function watchForRows() {
  const observer = new MutationObserver(() => {
    if (document.querySelector("[data-testid=session-row]") === null) return;
    observer.disconnect();
    // The second frame begins when the first has been painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        window.rowsSeenAtMs = performance.now();
      }),
    );
  });
  observer.observe(document, { childList: true, subtree: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(tableOf(await run()));
