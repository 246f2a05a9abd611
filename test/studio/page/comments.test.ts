import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { createListBench, NARROW, PATIENCE, WIDE } from "./list/list-page";

const bench = createListBench();

async function sendTurn(): Promise<void> {
  const attributes = { "session.id": "chat", "langfuse.observation.input": "Hello" };
  expect(
    (await post(bench.studio, OTLP_PATH, otlpJson({ traceId: "one", attributes }))).status,
  ).toBe(200);
}

const dialogOf = (page: Page) => page.getByTestId("comments");

/** Writes comments through the API, numbered from 1. */
async function addComments(target: object, count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    const body = JSON.stringify({ projectId: "p", ...target, content: `Comment ${index}.` });
    expect((await post(bench.studio, "/api/public/comments", body)).status).toBe(200);
  }
}

async function storedComments(): Promise<unknown> {
  const answer = await get(bench.studio, "/api/public/comments");
  return (answer.json as { data: unknown }).data; // the contract of the route
}

describe("comments", () => {
  it.each([
    ["a session", "SESSION", "chat", "/sessions/chat"],
    ["a trace", "TRACE", "one", "/traces/one"],
    ["a step", "OBSERVATION", "o", "/traces/one?observation=o"],
  ])("on %s are written and read by keyboard, with a name, as Markdown", async (...row) => {
    const [, objectType, objectId, path] = row;
    await sendTurn();
    const { page, complaints } = await bench.open(path);
    await page.getByRole("button", { name: "Comment", exact: true }).waitFor();
    await page.keyboard.press("c");
    await page.keyboard.type("Look at **this**");
    await dialogOf(page).getByLabel("Your name").fill("Ann");
    await dialogOf(page).getByLabel("Comment, in Markdown").press("ControlOrMeta+Enter");
    await dialogOf(page).getByTestId("comment").getByText("Ann").waitFor();
    expect(await dialogOf(page).getByTestId("comment").locator("strong").allTextContents()).toEqual(
      ["Ann", "this"],
    );
    expect(await storedComments()).toMatchObject([
      { objectType, objectId, content: "Look at **this**", authorUserId: "Ann" },
    ]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "1 comment" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("are on what has the focus: in a session the step that is open, or the session", async () => {
    await sendTurn();
    const { page, complaints } = await bench.open("/sessions/chat?observation=o");
    const titleOf = (title: string) => dialogOf(page).getByRole("heading", { name: title });
    await page.getByTestId("observation-detail").waitFor();
    await page.keyboard.press("c");
    await titleOf("Comments on the session").waitFor();
    await page.keyboard.press("Escape");
    await page.locator('[data-observation-id="o"]').focus();
    await page.keyboard.press("c");
    await titleOf("Comments on the step").waitFor();
    await page.keyboard.type("This one");
    await page.keyboard.press("ControlOrMeta+Enter");
    await dialogOf(page).getByText("This one").waitFor();
    expect(await storedComments()).toMatchObject([{ objectType: "OBSERVATION", objectId: "o" }]);
    expect(complaints).toEqual([]);
  });

  it("leave the keys to the dialog when its button was pressed and is no more to be pressed", async () => {
    await sendTurn();
    const { page } = await bench.open("/sessions/chat");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await page.keyboard.type("Once");
    const add = dialogOf(page).getByRole("button", { name: "Add the comment" });
    await add.focus();
    await page.evaluate(`{ const add = document.activeElement; add.click(); add.click(); }`);
    await dialogOf(page).getByTestId("comment").getByText("Once").waitFor();
    expect(await storedComments()).toHaveLength(1);
    await page.evaluate("document.activeElement.blur()");
    await page.keyboard.press("s");
    await page.keyboard.press("Escape");
    await dialogOf(page).waitFor({ state: "hidden" });
    expect(new URL(page.url()).pathname).toBe("/sessions/chat");
  });

  it("that cannot be written stay in the field, with the reason", async () => {
    await sendTurn();
    const { page } = await bench.open("/sessions/chat");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    const field = dialogOf(page).getByLabel("Comment, in Markdown");
    expect(await dialogOf(page).getByRole("button", { name: "Add the comment" }).isDisabled()).toBe(
      true,
    );
    await field.fill("Too late");
    await fetch(`${bench.studio.url}/api/studio/sessions/chat`, { method: "DELETE" });
    await dialogOf(page).getByRole("button", { name: "Add the comment" }).click();
    await dialogOf(page).getByRole("alert").getByText("No session with id chat").waitFor();
    expect(await field.inputValue()).toBe("Too late");
    expect(await storedComments()).toEqual([]);
  });

  it("beyond the first hundred are a press away, and one that is added shows at once", async () => {
    await sendTurn();
    await addComments({ objectType: "SESSION", objectId: "chat" }, 230);
    const rest = "/api/public/comments?objectType=SESSION&objectId=chat&limit=100&page=3";
    expect((await get(bench.studio, rest)).json).toMatchObject({
      data: { length: 30 },
      meta: { page: 3, limit: 100, totalItems: 230, totalPages: 3 },
    });
    const { page, complaints } = await bench.open("/sessions/chat");
    await page.getByRole("button", { name: "230 comments" }).click();
    const rows = dialogOf(page).getByTestId("comment");
    await dialogOf(page).getByText("The first 100 of 230.").waitFor();
    expect(await rows.count()).toBe(100);
    const more = dialogOf(page).getByRole("button", { name: "Show 100 more" });
    await more.focus();
    await page.keyboard.press("Enter");
    await dialogOf(page).getByText("The first 200 of 230.").waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Show 30 more");
    await dialogOf(page).getByLabel("Comment, in Markdown").fill("The newest");
    await dialogOf(page).getByRole("button", { name: "Add the comment" }).click();
    await rows.getByText("The newest").waitFor();
    // It shows before the pages up to it have been read; those of the same millisecond stand by their ids.
    const numbered = rows.getByText(/^Comment \d+\.$/);
    await expect
      .poll(async () => (await numbered.allTextContents()).sort(), PATIENCE)
      .toEqual(Array.from({ length: 230 }, (_, index) => `Comment ${index + 1}.`).sort());
    await expect.poll(() => rows.count(), PATIENCE).toBe(231);
    const showing = dialogOf(page).getByRole("button", { name: /^Show/ });
    await expect.poll(() => showing.count(), PATIENCE).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "231 comments" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("say why the rest of them cannot be read, and are read when asked again", async () => {
    await sendTurn();
    await addComments({ objectType: "TRACE", objectId: "one" }, 101);
    const { page } = await bench.open("/traces/one");
    await page.getByRole("button", { name: "101 comments" }).click();
    await page.route("**/api/public/comments?*page=2*", (route) => route.abort(), { times: 1 });
    const more = dialogOf(page).getByRole("button", { name: "Show 1 more" });
    await more.click();
    await dialogOf(page).getByRole("alert").getByText("The studio does not answer.").waitFor();
    await more.click();
    await dialogOf(page).getByText("Comment 101.").waitFor();
    await dialogOf(page).getByRole("alert").waitFor({ state: "detached" });
  });

  it("are gone through by keyboard: the button that goes with the last leaves the focus on the first new one", async () => {
    await sendTurn();
    await addComments({ objectType: "TRACE", objectId: "one" }, 103);
    const { page, complaints } = await bench.open("/traces/one");
    await page.getByRole("button", { name: "103 comments" }).click();
    const status = dialogOf(page).getByRole("status");
    await status.getByText("The first 100 of 103.").waitFor();
    await status.evaluate((element) => element.setAttribute("data-first", ""));
    await dialogOf(page).getByRole("button", { name: "Show 3 more" }).focus();
    await page.keyboard.press("Enter");
    const rows = dialogOf(page).getByTestId("comment");
    await expect.poll(() => rows.count(), PATIENCE).toBe(103);
    const focused = "document.activeElement.textContent";
    expect(await page.evaluate(focused)).toBe(await rows.nth(100).textContent());
    // The same element: a screen reader tells what changes in one that it knows.
    expect(await status.and(page.locator("[data-first]")).textContent()).toBe("All 103.");
    expect(complaints).toEqual([]);
  });

  it("that came to a page that was not whole are read with the next press", async () => {
    await sendTurn();
    await addComments({ objectType: "TRACE", objectId: "one" }, 103);
    const { page } = await bench.open("/traces/one");
    await page.getByRole("button", { name: "103 comments" }).click();
    await dialogOf(page).getByRole("button", { name: "Show 3 more" }).click();
    await dialogOf(page).getByText("All 103.").waitFor();
    await addComments({ objectType: "TRACE", objectId: "one" }, 1);
    await page.route("**/api/public/comments?*page=2*", (route) => route.abort(), { times: 1 });
    await dialogOf(page).getByLabel("Comment, in Markdown").fill("The newest");
    await dialogOf(page).getByRole("button", { name: "Add the comment" }).click();
    await dialogOf(page).getByRole("alert").getByText("The studio does not answer.").waitFor();
    const more = dialogOf(page).getByRole("button", { name: "Show 2 more" });
    await more.click();
    await dialogOf(page).getByText("All 105.").waitFor();
    expect(await more.count()).toBe(0);
    expect(await dialogOf(page).getByTestId("comment").count()).toBe(105);
  });

  it.each([WIDE, NARROW])("are accessible at $width px, $colorScheme", async (view) => {
    await sendTurn();
    await addComments({ objectType: "SESSION", objectId: "chat" }, 1);
    const { page } = await bench.open("/sessions/chat", view);
    await page.getByRole("button", { name: "1 comment" }).click();
    await expect.poll(() => dialogOf(page).getByTestId("comment").count(), PATIENCE).toBe(1);
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});
