import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from "vitest";
import { type Studio, startStudio } from "../../../../src/studio/server/index";
import { openPage, type StudioPage, type View } from "../../../e2e/support/studio-page";
import { launchBrowser } from "../../../support/browser";
import type { SessionFields } from "./send-sessions";

export const WIDE: View = { width: 1440, height: 900, colorScheme: "light" };
export const NARROW: View = { width: 390, height: 844, colorScheme: "dark" };
export const HOUR_MS = 3_600_000;

/** By last activity: refund, weather, poem. */
export function threeSessions(nowMs: number): readonly SessionFields[] {
  return [
    {
      id: "refund",
      startMs: nowMs - HOUR_MS / 4,
      durationMs: 2_000,
      input: "I want a refund",
      output: "The answer names a lighthouse.",
      user: "alice",
      model: "gpt-4o",
      tags: ["billing"],
      environment: "production",
      tokens: { input: 1_200, output: 300 },
      costUsd: 0.01,
      error: "out of paper",
    },
    {
      id: "weather",
      startMs: nowMs - 3 * HOUR_MS,
      durationMs: 4_000,
      input: "Will it rain?",
      user: "bob",
      model: "claude",
      tags: ["chat", "beta"],
      tokens: { input: 90_000, output: 10 },
      costUsd: 0.5,
    },
    {
      id: "poem",
      startMs: nowMs - 50 * HOUR_MS,
      durationMs: 500,
      input: "Write a poem",
      user: "alice",
      model: "claude",
      costUsd: 0.002,
    },
  ];
}

/** Other tests may take the machine meanwhile. */
export const PATIENCE = { timeout: 10_000 };

export interface ListBench {
  /** The one of the running test. */
  readonly studio: Studio;
  /** @param path - and query, as in the address bar */
  open(path: string, view?: View): Promise<StudioPage>;
}

/** A browser for all tests of a file, a studio that keeps nothing for each of them. */
export function createListBench(): ListBench {
  let browser: Browser;
  let studio: Studio;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    studio = await startStudio({ port: 0, db: ":memory:" });
    return () => studio.close();
  });
  return {
    get studio() {
      return studio;
    },
    async open(path, view = WIDE) {
      const opened = await openPage(browser, new URL(path, studio.url).href, view);
      onTestFinished(() => opened.close());
      return opened;
    },
  };
}

export const rowsOf = (page: Page): Locator => page.getByTestId("session-row");

export const rowOf = (page: Page, id: string): Locator => page.locator(`[data-session-id="${id}"]`);

/** The button of a filter's chip. */
export const chipOf = (page: Page, title: string): Locator =>
  page.getByRole("group", { name: "Filters" }).getByRole("button", { name: title }).first();

/** The query of the address, readable. */
export const searchOf = (page: Page): string => decodeURIComponent(new URL(page.url()).search);

/** Waits until the list begins with these sessions, in this order. */
export async function expectFirstRows(page: Page, ...ids: readonly string[]): Promise<void> {
  await expect.poll(async () => (await idsOf(page)).slice(0, ids.length), PATIENCE).toEqual(ids);
}

/** Waits until the list shows these sessions and no others, in this order. */
export async function expectRows(page: Page, ...ids: readonly string[]): Promise<void> {
  await expect.poll(() => idsOf(page), PATIENCE).toEqual(ids);
}

/** Waits until the focus is on the row of a session. */
export async function expectFocus(page: Page, id: string): Promise<void> {
  const focused = "document.activeElement.closest('[data-session-id]')?.dataset.sessionId";
  await expect.poll(() => page.evaluate(focused), PATIENCE).toBe(id);
}

function idsOf(page: Page): Promise<(string | undefined)[]> {
  return rowsOf(page).evaluateAll((rows) => rows.map((row) => row.dataset["sessionId"]));
}
