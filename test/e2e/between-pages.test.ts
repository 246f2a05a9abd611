import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { AGENT_TRACE } from "./support/agent-trace";
import { type SentSpan, sendSpans } from "./support/send-spans";
import { openStudio, type TestStudio } from "./support/studio";
import { openPage, type View } from "./support/studio-page";

const WIDE: View = { width: 1440, height: 900, colorScheme: "dark" };
const NARROW: View = { width: 390, height: 844, colorScheme: "light" };

/** The turn of {@link LONG_SESSION} that names a lighthouse. */
const SOUGHT = "voyage-30";
const LONG_SESSION: readonly SentSpan[] = Array.from({ length: 50 }, (_, index) => ({
  traceId: `voyage-${index}`,
  id: `voyage-${index}-answer`,
  name: "answer",
  startMs: index * 10_000,
  endMs: index * 10_000 + 2_000,
  attributes: {
    "session.id": "voyage",
    "langfuse.observation.type": "generation",
    "langfuse.observation.input": `Question ${index}?`,
    "langfuse.observation.output":
      `voyage-${index}` === SOUGHT ? "You pass a lighthouse." : "You see the sea. ".repeat(20),
  },
}));
const ALONE: SentSpan = { traceId: "alone", id: "alone-1", name: "nightly", startMs: 0, endMs: 9 };

let browser: Browser;
let studio: TestStudio;

beforeAll(async () => {
  browser = await launchBrowser();
  studio = await openStudio({}, afterAll);
  await sendSpans(studio.url, [...AGENT_TRACE, ...LONG_SESSION, ALONE]);
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(() => browser?.close());

const closing: (() => Promise<void>)[] = [];

async function open(path: string, view: View): Promise<Page> {
  const { page, complaints, close } = await openPage(browser, studio.url + path, view);
  closing.push(async () => {
    expect(complaints).toEqual([]);
    await close();
  });
  return page;
}

/** Waits until a turn stands at the top of the window, below the header. */
async function expectAtTop(page: Page, traceId: string): Promise<void> {
  const topOf = `document.querySelector('[data-trace-id="${traceId}"]')?.getBoundingClientRect().top`;
  await expect
    .poll(() => page.evaluate<number>(`Math.abs((${topOf} ?? 1e6) - 56)`), { timeout: 10_000 })
    .toBeLessThan(20);
}

const currentView = (page: Page): Promise<string | null> =>
  page.getByRole("navigation", { name: "Views" }).locator("[aria-current]").textContent();

describe.each([WIDE, NARROW])("at $width px", (view) => {
  it.each(["click", "keyboard"])(
    "a session that was searched opens by %s at the turn that holds the words",
    async (way) => {
      const page = await open("/sessions?q=lighthouse", view);
      const row = page.locator('[data-session-id="voyage"]');
      await row.waitFor();
      if (way === "click") {
        await row.click();
      } else {
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
      }
      await page.waitForURL(`${studio.url}/sessions/voyage?trace=${SOUGHT}`);
      await expectAtTop(page, SOUGHT);
      const turn = page.locator(`[data-trace-id="${SOUGHT}"]`);
      expect(await turn.getAttribute("data-sought")).toBe("");
      expect(await page.locator("[data-sought]").count()).toBe(1);
      expect(await turn.getByTestId("turn-assistant").textContent()).toBe("You pass a lighthouse.");

      await page.goBack();
      await row.waitFor();
      expect(new URL(page.url()).search).toBe("?q=lighthouse");
    },
  );

  it("a turn leads to its trace at the step that is open, and the trace back to the turn", async () => {
    const page = await open("/sessions/session-1", view);
    const turn = page.getByTestId("turn");
    await turn.hover();
    await turn.getByTestId("turn-toggle").click();
    await turn.getByRole("treeitem").filter({ hasText: "search" }).last().click();
    await turn.getByTestId("observation-detail").waitFor();
    await turn.getByRole("link", { name: "Trace of turn 1" }).click();

    await page.waitForURL(`${studio.url}/traces/trace-1?observation=search-2`);
    await page.getByTestId("stack").waitFor();
    expect(await currentView(page)).toBe("Sessions");

    if (view.width === NARROW.width) await page.keyboard.press("Escape");
    await page.getByTestId("crumb-session").click();
    await page.waitForURL(`${studio.url}/sessions/session-1?trace=trace-1`);
    await page.locator('[data-trace-id="trace-1"][data-sought]').waitFor();
  });

  it("escape leaves a trace that was opened by its address for its session, then for the list", async () => {
    const page = await open("/traces/trace-1", view);
    await page.getByTestId("observation-row").first().waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(`${studio.url}/sessions/session-1`);
    const other = await open("/sessions/session-1", view);
    await other.getByTestId("turn").waitFor();
    await other.keyboard.press("Escape");
    await other.waitForURL(`${studio.url}/sessions`);
  });

  it("a trace without a session stands under the traces and leads back there", async () => {
    const page = await open("/traces/alone", view);
    await page.getByTestId("observation-row").waitFor();
    await expect.poll(() => currentView(page)).toBe("Traces");
    expect(await page.getByTestId("crumb-session").count()).toBe(0);
    await page.getByTestId("trace").getByRole("link", { name: "Traces" }).click();
    await page.waitForURL(`${studio.url}/traces`);
    await page.getByTestId("trace-row").first().waitFor();
    expect(await page.getByTestId("trace-row").count()).toBe(1);
  });

  it("all of a trace is within reach: its input, output and metadata beside or below the steps", async () => {
    const page = await open("/traces/trace-1", view);
    const input = page.getByTestId("detail-input");
    await input.getByText("Where is my order?").waitFor();
    await page.getByTestId("detail-output").getByText("On its way.").waitFor();
    await input.scrollIntoViewIfNeeded();
    expect(await input.isVisible()).toBe(true);
  });

  it("each page says in its title what it shows", async () => {
    for (const [path, title] of [
      ["/sessions", "Sessions · playhead"],
      ["/sessions/voyage", "Question 0? · playhead"],
      ["/traces", "Traces · playhead"],
      ["/traces/trace-1", "support request · playhead"],
    ] as const) {
      const page = await open(path, view);
      await expect.poll(() => page.title(), { timeout: 10_000 }).toBe(title);
    }
  });
});

describe("the list of shortcuts", () => {
  it("opens with ? on each page and names every key there is", async () => {
    for (const path of ["/sessions", "/sessions/voyage", "/traces", "/traces/trace-1"]) {
      const page = await open(path, WIDE);
      await page.getByRole("heading", { level: 1, name: /^(?!Loading)/ }).waitFor();
      await page.keyboard.press("?");
      const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
      await help.waitFor();
      const keys = await help.locator("kbd").allTextContents();
      expect([...new Set(keys)].sort().join(" ")).toBe(
        "+ , . / 0 ? End Enter Esc Home P Space [ ] a b c d e j k m n o p s t x ← ↑ → ↓ −",
      );
      await page.keyboard.press("t");
      await page.keyboard.press("Escape");
      await help.waitFor({ state: "hidden" });
      expect(new URL(page.url()).pathname).toBe(path);
    }
  });
});
