import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { createListBench, PATIENCE, rowOf } from "../page/list/list-page";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const bench = createListBench();

/** A session with a trace, and what to score them by. */
async function sendSession(id = "chat"): Promise<void> {
  const attributes = {
    "session.id": id,
    "langfuse.observation.input": "When?",
    "langfuse.observation.output": "On Thursday.",
  };
  const turn = otlpJson({ traceId: `trace-${id}`, attributes });
  expect((await post(bench.studio, OTLP_PATH, turn)).status).toBe(200);
}

async function makeConfig(): Promise<void> {
  const config = JSON.stringify({ name: "helpful", dataType: "NUMERIC" });
  expect((await post(bench.studio, "/api/public/score-configs", config)).status).toBe(200);
}

/** Opens an address without the stream of changes, as behind a proxy that lets none through. */
async function openWithoutLive(path: string): Promise<Page> {
  const { page } = await bench.open("/models");
  await page.route("**/api/studio/events", (route) => route.abort());
  await page.goto(new URL(path, bench.studio.url).href);
  await page.locator('[data-testid="live-state"][data-state="lost"]').waitFor();
  return page;
}

async function score(page: Page, value: string): Promise<void> {
  await page.keyboard.press("a");
  const sheet = page.locator('dialog:modal[data-testid="scores"]');
  await sheet.getByLabel("helpful", { exact: true }).fill(value);
  await page.keyboard.press("Enter");
  await sheet.getByText("Saved", { exact: true }).waitFor();
}

describe("without the live stream", () => {
  it.each([
    ["a session", "/sessions/chat", ""],
    ["a turn", "/sessions/chat", '[data-testid="turn"]'],
    ["a step of a session", "/sessions/chat?observation=o", '[data-observation-id="o"]'],
    ["a trace", "/traces/trace-chat", ""],
    ["a step of a trace", "/traces/trace-chat?observation=o", ""],
  ])("a score of %s shows when it is given, changed and deleted", async (_, path, focus) => {
    await sendSession();
    await makeConfig();
    const page = await openWithoutLive(path);
    await page.getByRole("button", { name: "Score", exact: true }).last().waitFor();
    if (focus !== "") await page.locator(focus).focus();
    await score(page, "7");
    const badges = page.getByTestId("score-badge");
    await badges.filter({ hasText: "7" }).first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await score(page, "8");
    await badges.filter({ hasText: "8" }).first().waitFor();
    expect(await badges.filter({ hasText: "7" }).count()).toBe(0);
    await page.getByRole("button", { name: "Delete helpful" }).click();
    await expect.poll(() => badges.count(), PATIENCE).toBe(0);
  });

  it("a correction shows when it is written, changed and deleted", async () => {
    await sendSession();
    const page = await openWithoutLive("/sessions/chat");
    for (const text of ["On Friday.", "On Sunday."]) {
      await page.getByRole("button", { name: "Correct", exact: true }).click();
      await page.getByLabel("What it should have been").fill(text);
      await page.keyboard.press("ControlOrMeta+Enter");
      await page.getByTestId("correction").locator("ins").getByText(text.slice(3, 9)).waitFor();
    }
    await page.getByTestId("correction").getByRole("button", { name: "Delete" }).click();
    await page.getByTestId("correction").waitFor({ state: "detached" });
  });

  it("a score whose configuration is in use no more goes from the sheet when it is deleted", async () => {
    await sendSession();
    const config = JSON.stringify({ name: "old", dataType: "NUMERIC" });
    const { json } = await post(bench.studio, "/api/public/score-configs", config);
    const { id: configId } = json as { id: string }; // the contract of the route
    const of = { traceId: "trace-chat", name: "old", source: "ANNOTATION", configId };
    const score = JSON.stringify({ ...of, value: 1 });
    expect((await post(bench.studio, "/api/public/scores", score)).status).toBe(200);
    const archived = await fetch(`${bench.studio.url}/api/public/score-configs/${configId}`, {
      method: "PATCH",
      body: JSON.stringify({ isArchived: true }),
      headers: { "content-type": "application/json" },
    });
    expect(archived.status).toBe(200);
    const page = await openWithoutLive("/traces/trace-chat");
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await page.getByRole("button", { name: "Delete old" }).click();
    await page.getByTestId("other-score").waitFor({ state: "detached" });
  });

  it("the list of bookmarked sessions offers to go on without the one whose bookmark is taken", async () => {
    await sendSession();
    await sendSession("other");
    for (const id of ["chat", "other"]) {
      await fetch(`${bench.studio.url}/api/studio/sessions/${id}/bookmark`, { method: "PUT" });
    }
    const page = await openWithoutLive("/sessions?bookmarked=true");
    await rowOf(page, "chat").getByRole("button", { name: "Remove the bookmark" }).click();
    await page.getByRole("button", { name: "Newer order" }).click();
    await rowOf(page, "chat").waitFor({ state: "detached" });
    expect(await rowOf(page, "other").count()).toBe(1);
  });

  it("a comment shows before the comments have been read again", async () => {
    await sendSession();
    const page = await openWithoutLive("/sessions/chat");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    const sheet = page.locator('dialog:modal[data-testid="comments"]');
    await sheet.getByText("Nobody has commented yet.").waitFor();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route("**/api/public/comments?*", async (route) => {
      await held;
      await route.continue();
    });
    await sheet.getByLabel("Comment, in Markdown").fill("At once");
    await page.keyboard.press("ControlOrMeta+Enter");
    await sheet.getByTestId("comment").getByText("At once").waitFor();
    expect(await sheet.getByText("Nobody has commented yet.").count()).toBe(0);
    const answer = page.waitForResponse((response) => response.url().includes("/comments?"));
    letGo();
    await answer;
    await page.locator("button").getByText("1 comment").waitFor();
    expect(await sheet.getByTestId("comment").count()).toBe(1);
  });
});

it("what was written stands there once, from when it was written, and stays with the live event", async () => {
  await sendSession();
  await makeConfig();
  const { page, complaints } = await bench.open("/sessions/chat");
  await page.locator('[data-testid="live-state"][data-state="live"]').waitFor();
  await page.getByTestId("turn").first().focus();
  await page.evaluate(`{
    window.counts = [0];
    new MutationObserver(() => {
      const count = document.querySelectorAll('.turn [data-testid="score-badge"]').length;
      if (window.counts.at(-1) !== count) window.counts.push(count);
    }).observe(document.body, { childList: true, subtree: true });
  }`);
  await score(page, "7");
  await page.locator('.turn [data-testid="score-badge"]').waitFor();
  // The event of a later change has come after that of the score.
  const attributes = { "session.id": "chat", "langfuse.observation.input": "And then?" };
  await post(bench.studio, OTLP_PATH, otlpJson({ traceId: "later", attributes }));
  await page.getByText("And then?").first().waitFor({ state: "attached" });
  expect(await page.evaluate("window.counts")).toEqual([0, 1]);
  expect((await get(bench.studio, "/api/public/v2/scores")).json).toMatchObject({
    data: [{ name: "helpful", value: 7 }],
  });
  expect(complaints).toEqual([]);
});
