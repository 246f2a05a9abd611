import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What is asked for: the rules of WCAG 2.2 A and AA, and the good practices beyond them. */
const OPTIONS = JSON.stringify({
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
  preload: false, // nothing is fetched: the page's own requests are under test
});

/**
 * What axe-core finds wrong with the page as it stands now, one line per element:
 * `color-contrast: <span class="…"> (Element has insufficient…)`. Empty when nothing is wrong.
 * Dialogs and menus are looked at only while they are open.
 */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // By the debugger, since the content security policy forbids a script tag of the test's own.
  await page.evaluate(await readFile(axePath, "utf8"));
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${OPTIONS})`);
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ failureSummary }) => !isHalfScrolledAway(id, failureSummary))
      .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} (${failureSummary})`),
  );
}

/** What a bar half covers, where the page happens to be scrolled to, is as large as any elsewhere. */
function isHalfScrolledAway(id: string, failureSummary = ""): boolean {
  return id === "target-size" && failureSummary.includes("partially obscured");
}
