import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { accessibilityViolations } from "../../support/accessibility";
import { get, openStudio, post } from "../server/running-studio";
import { createListBench, NARROW, WIDE } from "./list/list-page";
import { CHAT, sendTurns } from "./replay-sessions";

const bench = createListBench();

/** Saves what a link of the export menu offers. @returns its name and where it is */
async function download(page: Page, title: string): Promise<{ name: string; path: string }> {
  const menu = page.getByRole("group", { name: "Export" });
  if ((await menu.count()) === 0) await page.getByRole("button", { name: "Export" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    menu.getByText(title, { exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), path: await file.path() };
}

it("takes a session away from its header, and brings it into another studio", async () => {
  await sendTurns(bench.studio.url, CHAT);
  const { page, complaints } = await bench.open("/sessions/chat");
  const json = await download(page, "JSON");
  expect(json.name).toBe("chat.session.json");
  const html = await download(page, "HTML page");
  expect(html.name).toBe("chat.html");
  expect(await readFile(html.path, "utf8")).toContain("<!doctype html>");
  expect(complaints).toEqual([]);

  const empty = await openStudio();
  await page.goto(empty.url);
  await page.getByTestId("setup-guide").waitFor();
  await page.getByTestId("import").setInputFiles(json.path);
  await page.locator('[data-session-id="chat"]').waitFor();
  const path = "/api/studio/session-export?id=chat";
  expect((await get(empty, path)).text).toBe(await readFile(json.path, "utf8"));
});

it("says what was imported, leads there, and says what was wrong", async () => {
  await sendTurns(bench.studio.url, CHAT);
  const file = (await get(bench.studio, "/api/studio/session-export?id=chat")).text;
  const { page } = await bench.open("/");
  const input = page.getByTestId("import");
  const mimeType = "application/json";
  await input.setInputFiles({ name: "chat.json", mimeType, buffer: Buffer.from(file) });
  const outcome = page.getByTestId("import-outcome");
  await page.getByText("Imported chat, 3 turns").waitFor();
  expect(await outcome.getAttribute("role")).toBe("status");
  await input.setInputFiles({ name: "bad.json", mimeType, buffer: Buffer.from(file.slice(9)) });
  await page.getByText("bad.json: Expected a session as the studio exports it").waitFor();
  expect(await outcome.getAttribute("role")).toBe("alert");
  await input.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("PNG") });
  await page.getByText("a.png: Expected a session that was exported as JSON.").waitFor();
  await input.setInputFiles([{ name: "chat.json", mimeType, buffer: Buffer.from(file) }]);
  await outcome.getByRole("link", { name: "chat" }).click();
  await page.getByTestId("session-id").waitFor();
});

it.each([WIDE, NARROW])("opens its menu by the keyboard, $width pixels wide", async (view) => {
  await sendTurns(bench.studio.url, CHAT);
  const { page, complaints } = await bench.open("/sessions/chat", view);
  const button = page.getByRole("button", { name: "Export" });
  await button.focus();
  await page.keyboard.press("Enter");
  const group = page.getByRole("group", { name: "Export" });
  await group.waitFor();
  const box = await group.boundingBox();
  expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= view.width).toBe(true);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toContain("HTML page");
  expect(await accessibilityViolations(page)).toEqual([]);
  const shots = process.env["PLAYHEAD_SHOTS"];
  if (shots) await writeFile(`${shots}/export-${view.width}.png`, await page.screenshot());
  await page.keyboard.press("Escape");
  expect(await button.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(
    true,
  );
  await page.goto(bench.studio.url);
  await page.locator("[data-session-id]").first().waitFor();
  expect(await page.getByTestId("import").count()).toBe(1);
  expect(await accessibilityViolations(page)).toEqual([]);
  if (shots) await writeFile(`${shots}/import-${view.width}.png`, await page.screenshot());
  expect(complaints).toEqual([]);
});

it("takes no file and gives none without the keys of a studio that has some", async () => {
  const studio = await openStudio({ publicKey: "pk-lf-1", secretKey: "sk-lf-1" });
  expect((await get(studio, "/api/studio/session-export?id=chat")).status).toBe(401);
  expect((await post(studio, "/api/studio/import", "{}")).status).toBe(401);
});
