import type { Locator, Page, Route } from "playwright-core";
import { expect } from "vitest";
import type { Studio } from "../../../src/studio/server";
import type { View } from "../../e2e/support/studio-page";
import type { ListBench } from "../page/list/list-page";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

export interface Sheet {
  readonly name: string;
  readonly key: string;
  readonly testId: string;
  /** Of the field that a text is written in; it has the focus at first. */
  readonly field: string;
  /** What it begins with. */
  readonly stored: string;
  /** What sends it from there. */
  readonly sendKey: string;
  /** What says that it is on its way. */
  readonly sending: string;
  readonly path: string;
}

export const COMMENT: Sheet = {
  ...{ name: "a comment", key: "c", testId: "comments", field: "Comment, in Markdown" },
  ...{ stored: "", sendKey: "ControlOrMeta+Enter", sending: "Being sent…" },
  path: "/api/public/comments",
};
export const SCORE: Sheet = {
  ...{ name: "a score", key: "a", testId: "scores", field: "remark", stored: "" },
  ...{ sendKey: "Enter", sending: "Saving…", path: "/api/public/v2/scores" },
};
export const CORRECTION: Sheet = {
  ...{ name: "a correction", key: "o", testId: "correct", field: "What it should have been" },
  ...{ stored: "On Thursday.", sendKey: "ControlOrMeta+Enter", sending: "Being sent…" },
  path: "/api/public/v2/scores",
};
export const SHEETS = [COMMENT, SCORE, CORRECTION] as const;

/** What the sheets write to. */
export const WRITES = /\/api\/public\/(?:comments|scores)$/;

/** A trace of a session, whose output is what a correction begins with. */
export function turnJson(traceId: string): string {
  const attributes = {
    "session.id": "chat",
    "langfuse.observation.input": "When?",
    "langfuse.observation.output": CORRECTION.stored,
  };
  return otlpJson({ traceId, attributes });
}

/** Traces, and a configuration to score them by. */
export async function sendTurns(studio: Studio, ...traceIds: readonly string[]): Promise<void> {
  for (const id of traceIds) {
    expect((await post(studio, OTLP_PATH, turnJson(id))).status).toBe(200);
  }
  const config = JSON.stringify({ name: SCORE.field, dataType: "TEXT" });
  expect((await post(studio, "/api/public/score-configs", config)).status).toBe(200);
}

export async function stored(
  studio: Studio,
  { path }: Sheet,
): Promise<readonly Record<string, unknown>[]> {
  // The contract of the routes.
  return ((await get(studio, path)).json as { data: readonly Record<string, unknown>[] }).data;
}

export const sheetOf = (page: Page, { testId }: Sheet): Locator =>
  page.locator(`dialog:modal[data-testid="${testId}"]`);
export const fieldOf = (page: Page, sheet: Sheet): Locator =>
  sheetOf(page, sheet).getByLabel(sheet.field, { exact: true });
export const draftNoteOf = (page: Page, sheet: Sheet): Locator =>
  sheetOf(page, sheet).getByTestId("draft-note");

export const problemOf = (page: Page, sheet: Sheet): Locator =>
  sheetOf(page, sheet).getByRole("alert");

/** A trace's page, of which all has been read; there is a configuration to score it by. */
export async function openTrace(bench: ListBench, view?: View): Promise<Page> {
  await sendTurns(bench.studio, "one");
  const { page } = await bench.open("/traces/one", view);
  await page.getByRole("button", { name: "Correct", exact: true }).waitFor();
  return page;
}

/** On a trace's page. */
export async function open(page: Page, sheet: Sheet): Promise<void> {
  await page.getByRole("button", { name: "Correct", exact: true }).waitFor();
  await page.keyboard.press(sheet.key);
  await fieldOf(page, sheet).waitFor();
}

export async function close(page: Page, sheet: Sheet): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator(`[data-testid="${sheet.testId}"] h2`).waitFor({ state: "detached" });
}

export async function send(page: Page, sheet: Sheet): Promise<void> {
  await fieldOf(page, sheet).press(sheet.sendKey);
}

/** Sends a text, closes the sheet and opens it again, before the answer that {@link holdWrites} holds. */
export async function reopenWhileSending(page: Page, sheet: Sheet, text: string): Promise<void> {
  await open(page, sheet);
  await fieldOf(page, sheet).fill(text);
  await send(page, sheet);
  await close(page, sheet);
  await open(page, sheet);
}

/** What of drafts is left in the tab when the page goes. */
export const keptInTab = (page: Page): Promise<string | null> =>
  page.evaluate<string | null>(`{
    dispatchEvent(new PageTransitionEvent("pagehide"));
    sessionStorage.getItem("playhead.drafts");
  }`);

export interface HeldWrites {
  /** What came of them, in order. */
  readonly seen: readonly ("asked" | "answered")[];
  /** Lets them go, and those to come. */
  readonly letGo: () => void;
}

/**
 * Holds back what the sheets write or delete from now on.
 * @param answer - by default the studio's
 */
export async function holdWrites(page: Page, answer = passOn): Promise<HeldWrites> {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const seen: ("asked" | "answered")[] = [];
  await page.route(/\/api\/public\/(?:comments|scores)(?:\/|$)/, async (route) => {
    if (route.request().method() === "GET") return route.continue();
    seen.push("asked");
    await held;
    await answer(route, () => seen.push("answered"));
  });
  return { seen, letGo };
}

async function passOn(route: Route, onAnswer: () => void): Promise<void> {
  const response = await route.fetch();
  onAnswer();
  await route.fulfill({ response });
}

/** Answers the first write in another way than the studio does. */
export async function failOnce(page: Page, fail: (route: Route) => Promise<void>): Promise<void> {
  let isFirst = true;
  await page.route(WRITES, async (route) => {
    if (route.request().method() !== "POST" || !isFirst) return route.continue();
    isFirst = false;
    await fail(route);
  });
}
