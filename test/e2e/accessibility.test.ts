import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sendScore } from "../studio/page/list/send-sessions";
import { CHAT, sendTurns } from "../studio/page/replay-sessions";
import { accessibilityViolations } from "../support/accessibility";
import { launchBrowser } from "../support/browser";
import { AGENT_TRACE } from "./support/agent-trace";
import { sendSpans } from "./support/send-spans";
import { openStudio, type TestStudio } from "./support/studio";
import { openPage, type View } from "./support/studio-page";

/** Pages wait for the studio and for frames half of the time. */
vi.setConfig({ maxConcurrency: 2 });

const KEYS = { publicKey: "pk-lf-test", secretKey: "sk-lf-test-0123456789" };

const VIEWS: readonly View[] = [
  { width: 1440, height: 900, colorScheme: "dark" },
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
  { width: 390, height: 844, colorScheme: "light" },
];

let browser: Browser;
let studio: TestStudio;
let emptyStudio: TestStudio;
let closedStudio: TestStudio;

beforeAll(async () => {
  browser = await launchBrowser();
  studio = await openStudio({}, afterAll);
  emptyStudio = await openStudio({}, afterAll);
  closedStudio = await openStudio(KEYS, afterAll);
  await sendSpans(studio.url, [
    ...AGENT_TRACE,
    { traceId: "alone", id: "alone-1", name: "nightly", startMs: 0, endMs: 900 },
  ]);
  await sendTurns(studio.url, CHAT);
  await sendScore(studio, { sessionId: "chat", name: "helpful", value: 0.8 });
});

afterAll(() => browser?.close());

interface Place {
  readonly name: string;
  readonly path: string;
  /** Brings the page into the state that is looked at. */
  readonly show: (page: Page) => Promise<void>;
  /** Whether what the page asks the studio for is not there, which the browser notes down. */
  readonly isMissing?: boolean;
}

const seen = (selector: string) => (page: Page) => page.locator(selector).first().waitFor();
const textSeen = (text: string) => (page: Page) => page.getByText(text).first().waitFor();

const PLACES: readonly Place[] = [
  { name: "the list of sessions", path: "/sessions", show: seen("[data-session-id=chat]") },
  {
    name: "what was found",
    path: "/sessions?q=lighthouse",
    show: seen("[data-testid=session-row]"),
  },
  { name: "a search without results", path: "/sessions?q=zzzz", show: textSeen("Nothing found") },
  { name: "the list of traces", path: "/traces", show: seen("[data-testid=trace-row]") },
  { name: "a session", path: "/sessions/chat", show: seen("[data-testid=turn-assistant]") },
  {
    name: "a session at a moment",
    path: "/sessions/chat?t=2.2",
    show: seen("[data-testid=turn-waiting]"),
  },
  {
    name: "a session at the turn that was sought",
    path: "/sessions/chat?trace=chat-2",
    show: seen("[data-sought]"),
  },
  {
    name: "a session with a step open",
    path: "/sessions/chat?observation=book",
    show: seen("[data-testid=observation-detail]"),
  },
  {
    name: "the waterfall of a turn",
    path: "/sessions/chat",
    show: async (page) => {
      await page.getByTestId("turn-assistant").first().waitFor();
      const toggle = page.getByRole("button", { name: /^Waterfall of turn/ });
      if (await toggle.isVisible()) await toggle.click();
      await page.getByTestId("waterfall").getByText("look_up").waitFor();
    },
  },
  { name: "a trace as tree", path: "/traces/trace-1", show: seen("[data-testid=observation-row]") },
  {
    name: "a trace as waterfall",
    path: "/traces/trace-1?view=waterfall",
    show: seen("[data-testid=observation-row]"),
  },
  {
    name: "a trace as graph",
    path: "/traces/trace-1?view=graph",
    show: seen("[data-testid=graph-node]"),
  },
  {
    name: "a step that failed",
    path: "/traces/trace-1?observation=search-2",
    show: seen("[data-testid=stack]"),
  },
  {
    name: "the list of shortcuts",
    path: "/sessions/chat",
    show: async (page) => {
      await page.getByTestId("turn-assistant").first().waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "a session that is not there",
    path: "/sessions/none",
    show: textSeen("No such session"),
    isMissing: true,
  },
  {
    name: "a trace that is not there",
    path: "/traces/none",
    show: textSeen("No such trace"),
    isMissing: true,
  },
  { name: "an address of nothing", path: "/project/a/nothing", show: textSeen("Nothing here") },
];

describe.each(VIEWS)("axe-core at $width px, $colorScheme", (view) => {
  it.concurrent.each(PLACES)(
    "finds nothing wrong with $name",
    async ({ path, show, isMissing }) => {
      await expectAccessible(studio.url + path, view, show, isMissing);
    },
  );

  it("finds nothing wrong with the setup page", async () => {
    await expectAccessible(emptyStudio.url, view, seen("[data-testid=setup-guide]"));
  });

  it("finds nothing wrong with the sign-in page, and the setup page behind it", async () => {
    await expectAccessible(closedStudio.url, view, async (page) => {
      const secret = page.getByLabel("Secret key");
      await secret.waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await secret.fill(KEYS.secretKey);
      await page.keyboard.press("Enter");
      await page.getByText(`LANGFUSE_PUBLIC_KEY=${KEYS.publicKey}`).waitFor();
    });
  });
});

async function expectAccessible(
  url: string,
  view: View,
  show: Place["show"],
  isMissing = false,
): Promise<void> {
  const { page, complaints, close } = await openPage(browser, url, view);
  await show(page);
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(view.width);
  expect(complaints.filter((text) => !(isMissing && text.includes("404")))).toEqual([]);
  await close();
}

it.each([
  "/sessions",
  "/sessions/chat",
  "/traces",
  "/traces/trace-1",
  "/compare?kind=trace&a=trace-1&b=alone",
  "/models",
  "/score-configs",
])("%s has nothing axe-core objects to while it is still read", async (path) => {
  const { page, close } = await openPage(browser, `${studio.url}/sessions/none`, VIEWS[0] as View);
  await page.route(/\/api\/(?!studio\/events)/, () => {}); // answers nothing
  await page.goto(studio.url + path);
  await page.locator(".loading, .skeleton").first().waitFor();
  for (const timeMs of [0, 400]) {
    // Before it is to be seen, and a moment after.
    await page.evaluate(`for (const motion of document.getAnimations()) {
      motion.pause();
      motion.currentTime = ${timeMs};
    }`);
    expect(await accessibilityViolations(page)).toEqual([]);
  }
  await close();
});
