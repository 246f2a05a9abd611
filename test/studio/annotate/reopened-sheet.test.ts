import { describe, expect, it } from "vitest";
import { createListBench, PATIENCE } from "../page/list/list-page";
import { get, post } from "../server/running-studio";
import {
  COMMENT,
  CORRECTION,
  close,
  draftNoteOf,
  failOnce,
  fieldOf,
  holdWrites,
  keptInTab,
  open,
  openTrace,
  problemOf,
  reopenWhileSending,
  SCORE,
  SHEETS,
  type Sheet,
  send,
  sheetOf,
  stored,
} from "./sheets";

const bench = createListBench();

const storedOf = (sheet: Sheet) => stored(bench.studio, sheet);

describe.each(SHEETS)("$name whose sheet is opened again while it is being sent", (sheet) => {
  it("is said to be on its way, is sent once, and leaves the sheet open", async () => {
    const page = await openTrace(bench);
    const { seen, letGo } = await holdWrites(page);
    await reopenWhileSending(page, sheet, "On its way");
    const onItsWay = sheetOf(page, sheet).getByText(sheet.sending, { exact: true });
    await onItsWay.waitFor();
    expect(await sheetOf(page, sheet).getByText("not saved").count()).toBe(0);
    expect(await fieldOf(page, sheet).inputValue()).toBe("On its way");
    await send(page, sheet);
    letGo();
    await onItsWay.waitFor({ state: "detached" });
    expect(await storedOf(sheet)).toHaveLength(1);
    expect(await sheetOf(page, sheet).count()).toBe(1);
    expect(await draftNoteOf(page, sheet).count()).toBe(0);
    expect(await fieldOf(page, sheet).inputValue()).toBe(sheet === COMMENT ? "" : "On its way");
    expect(seen).toEqual(["asked", "answered"]);
    expect(await keptInTab(page)).toBe(null);
  });

  it("is called not saved where that fails, and is sent with the next try", async () => {
    const page = await openTrace(bench);
    const { letGo } = await holdWrites(page, (route) => route.fulfill({ status: 500 }));
    await reopenWhileSending(page, sheet, "Written once");
    await sheetOf(page, sheet).getByText(sheet.sending, { exact: true }).waitFor();
    letGo();
    await draftNoteOf(page, sheet).getByText("Begun before, and not saved.").waitFor();
    expect(await problemOf(page, sheet).textContent()).toBe("The studio answered 500.");
    expect(await fieldOf(page, sheet).inputValue()).toBe("Written once");
    await page.unrouteAll({ behavior: "wait" });
    await send(page, sheet);
    await expect.poll(() => storedOf(sheet), PATIENCE).toHaveLength(1);
    await problemOf(page, sheet).waitFor({ state: "detached" });
  });

  it("keeps what is typed on in it", async () => {
    const page = await openTrace(bench);
    const { letGo } = await holdWrites(page);
    await reopenWhileSending(page, sheet, "On Friday");
    await fieldOf(page, sheet).press("End");
    await page.keyboard.type(", at n");
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    letGo();
    await (await answer).finished();
    await page.keyboard.type("oon");
    expect(await fieldOf(page, sheet).inputValue()).toBe("On Friday, at noon");
    expect(await keptInTab(page)).toContain("On Friday, at noon");
  });
});

describe.each(SHEETS)("$name that could not be sent while its sheet was closed", (sheet) => {
  it("has the reason in the sheet that is opened next, until it is dropped", async () => {
    const page = await openTrace(bench);
    const { letGo } = await holdWrites(page, (route) => route.fulfill({ status: 500 }));
    await open(page, sheet);
    await fieldOf(page, sheet).fill("Not this");
    await send(page, sheet);
    await close(page, sheet);
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    letGo();
    await (await answer).finished();
    await open(page, sheet);
    await problemOf(page, sheet).getByText("The studio answered 500.").waitFor();
    await sheetOf(page, sheet)
      .getByRole("button", { name: /^Discard/ })
      .click();
    await problemOf(page, sheet).waitFor({ state: "detached" });
    expect(await draftNoteOf(page, sheet).count()).toBe(0);
  });
});

describe("the score of a sheet that is opened again", () => {
  it("is changed in its place once it has been saved", async () => {
    const page = await openTrace(bench);
    await page.route("**/api/studio/**", (route) => route.abort()); // the page hears of nothing
    const { letGo } = await holdWrites(page);
    await reopenWhileSending(page, SCORE, "7");
    letGo();
    await sheetOf(page, SCORE).getByText("Saving…").waitFor({ state: "detached" });
    await fieldOf(page, SCORE).fill("8");
    await send(page, SCORE);
    await sheetOf(page, SCORE).getByText("Saved", { exact: true }).waitFor();
    expect(await storedOf(SCORE)).toMatchObject([{ stringValue: "8" }]);
  });

  it("is changed after what is being saved", async () => {
    const page = await openTrace(bench);
    const { seen, letGo } = await holdWrites(page);
    await reopenWhileSending(page, SCORE, "7");
    await fieldOf(page, SCORE).fill("8");
    await send(page, SCORE);
    letGo();
    await sheetOf(page, SCORE).getByText("Saved", { exact: true }).waitFor();
    expect(await storedOf(SCORE)).toMatchObject([{ stringValue: "8" }]);
    expect(seen).toEqual(["asked", "answered", "asked", "answered"]);
  });

  it("can be deleted when it has come, and is another one afterwards", async () => {
    const page = await openTrace(bench);
    const { letGo } = await holdWrites(page);
    await reopenWhileSending(page, SCORE, "7");
    letGo();
    await sheetOf(page, SCORE).getByRole("button", { name: "Delete remark" }).waitFor();
    const [first] = await storedOf(SCORE);
    await sheetOf(page, SCORE).getByRole("button", { name: "Delete remark" }).click();
    await sheetOf(page, SCORE).getByText("Deleted", { exact: true }).waitFor();
    expect(await storedOf(SCORE)).toEqual([]);
    await fieldOf(page, SCORE).fill("8");
    await send(page, SCORE);
    await sheetOf(page, SCORE).getByText("Saved", { exact: true }).waitFor();
    const [second] = await storedOf(SCORE);
    expect(second).toMatchObject({ stringValue: "8" });
    expect(second?.["id"]).not.toBe(first?.["id"]);
  });
});

it.each([SCORE, CORRECTION])(
  "$name is written once where its first answer was lost and its sheet is opened again",
  async (sheet) => {
    const page = await openTrace(bench);
    await failOnce(page, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.route("**/api/studio/**", (route) => route.abort()); // the page hears of nothing
    await open(page, sheet);
    await fieldOf(page, sheet).fill("Written once");
    await send(page, sheet);
    await sheetOf(page, sheet).getByText("The studio does not answer.").waitFor();
    await close(page, sheet);
    await open(page, sheet);
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await send(page, sheet);
    expect((await answer).status()).toBe(200);
    expect(await storedOf(sheet)).toHaveLength(1);
  },
);

it("a score that is deleted while it is being saved is gone", async () => {
  const page = await openTrace(bench);
  await open(page, SCORE);
  await fieldOf(page, SCORE).fill("7");
  await send(page, SCORE);
  await sheetOf(page, SCORE).getByText("Saved", { exact: true }).waitFor();
  const { seen, letGo } = await holdWrites(page);
  await fieldOf(page, SCORE).fill("8");
  await send(page, SCORE);
  await sheetOf(page, SCORE).getByRole("button", { name: "Delete remark" }).click();
  await sheetOf(page, SCORE).getByText("Deleting…", { exact: true }).waitFor();
  expect(seen).toEqual(["asked"]);
  letGo();
  await sheetOf(page, SCORE).getByText("Deleted", { exact: true }).waitFor();
  expect(await storedOf(SCORE)).toEqual([]);
  expect(await fieldOf(page, SCORE).inputValue()).toBe("");
});

it("a score that could not be deleted while its sheet was closed is there, with the reason", async () => {
  const page = await openTrace(bench);
  await open(page, SCORE);
  await fieldOf(page, SCORE).fill("7");
  await send(page, SCORE);
  await sheetOf(page, SCORE).getByText("Saved", { exact: true }).waitFor();
  await page.getByTestId("score-badge").filter({ hasText: "7" }).first().waitFor();
  const { letGo } = await holdWrites(page, (route) => route.fulfill({ status: 500 }));
  await sheetOf(page, SCORE).getByRole("button", { name: "Delete remark" }).click();
  await close(page, SCORE);
  const answer = page.waitForResponse((response) => response.request().method() === "DELETE");
  letGo();
  await (await answer).finished();
  await open(page, SCORE);
  await problemOf(page, SCORE).getByText("The studio answered 500.").waitFor();
  expect(await fieldOf(page, SCORE).inputValue()).toBe("7");
});

describe("a draft of a score that somebody else has changed meanwhile", () => {
  async function give(fields: object): Promise<void> {
    const { json } = await get(bench.studio, "/api/public/score-configs");
    const [config] = (json as { data: readonly { id: string }[] }).data; // the contract of the route
    const score = { id: "theirs", traceId: "one", name: "remark", source: "ANNOTATION" };
    const body = JSON.stringify({ ...score, configId: config?.id, ...fields });
    expect((await post(bench.studio, "/api/public/scores", body)).status).toBe(200);
  }

  it("has what was not touched as they left it", async () => {
    const page = await openTrace(bench);
    await give({ value: "good", comment: "first" });
    await page.getByTestId("score-badge").filter({ hasText: "good" }).first().waitFor();
    await open(page, SCORE);
    const comment = sheetOf(page, SCORE).getByLabel("Comment on remark");
    await comment.fill("second");
    await close(page, SCORE);
    await give({ value: "better", comment: "first" });
    await page.getByTestId("score-badge").filter({ hasText: "better" }).first().waitFor();
    await open(page, SCORE);
    expect(await fieldOf(page, SCORE).inputValue()).toBe("better");
    expect(await comment.inputValue()).toBe("second");
    await send(page, SCORE);
    await sheetOf(page, SCORE).getByText("Saved", { exact: true }).waitFor();
    expect(await storedOf(SCORE)).toMatchObject([{ stringValue: "better", comment: "second" }]);
  });

  it("ends where they wrote the same", async () => {
    const page = await openTrace(bench);
    await open(page, SCORE);
    await fieldOf(page, SCORE).fill("good");
    await close(page, SCORE);
    await give({ value: "good" });
    await page.getByTestId("score-badge").filter({ hasText: "good" }).first().waitFor();
    await open(page, SCORE);
    expect(await draftNoteOf(page, SCORE).count()).toBe(0);
    expect(await keptInTab(page)).toBe(null);
    await close(page, SCORE);
    await give({ value: "better" });
    await page.getByTestId("score-badge").filter({ hasText: "better" }).first().waitFor();
    await open(page, SCORE);
    expect(await fieldOf(page, SCORE).inputValue()).toBe("better");
  });
});
