import { readFile, writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { View } from "../../e2e/support/studio-page";
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

it("takes out of the files what is ticked, and says that JSON cannot do without", async () => {
  const [first, ...others] = CHAT;
  const secret = "Mail ann@example.com from 10.1.2.3";
  await sendTurns(bench.studio.url, [{ ...first, input: secret } as (typeof CHAT)[0], ...others]);
  const { page, complaints } = await bench.open("/sessions/chat");
  const whole = await download(page, "JSONL");
  expect(await readFile(whole.path, "utf8")).toContain(secret);
  const menu = page.getByRole("group", { name: "Export" });
  const json = menu.getByRole("listitem").filter({ hasText: "to import into a studio" });
  await json.getByText("All of it, nothing taken out, to import into a studio").waitFor();
  await menu.getByLabel("E-mail addresses").check();
  await menu.getByLabel("IP addresses").check();
  const gist = "Mail [redacted email] from [redacted ip]";
  for (const title of ["JSONL", "Vitest file", "HTML page"]) {
    const text = await readFile((await download(page, title)).path, "utf8");
    expect(text, title).not.toContain("ann@example.com");
    expect(text, title).not.toContain("10.1.2.3");
    expect(text, title).toContain(gist);
  }
  await json.getByText("Nothing can be taken out of it: it holds all").waitFor();
  expect(await json.getByRole("link").count()).toBe(0);
  await menu.getByText("Pictures, recordings and files stay as they are.").waitFor();
  await menu.getByLabel("E-mail addresses").uncheck();
  await menu.getByLabel("IP addresses").uncheck();
  expect(await readFile((await download(page, "JSON")).path, "utf8")).toContain(secret);
  expect(complaints).toEqual([]);
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

it.each<View>([
  WIDE,
  { ...WIDE, colorScheme: "dark" },
  NARROW,
  { ...NARROW, colorScheme: "light" },
])("opens its menu by the keyboard, $width pixels wide, $colorScheme", async (view) => {
  await sendTurns(bench.studio.url, CHAT);
  const { page, complaints } = await bench.open("/sessions/chat", view);
  const button = page.getByRole("button", { name: "Export" });
  await button.focus();
  await page.keyboard.press("Enter");
  const group = page.getByRole("group", { name: "Export" });
  await group.waitFor();
  const box = await group.boundingBox();
  expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= view.width).toBe(true);
  const presets = ["Keys and passwords", "E-mail addresses", "Phone numbers"];
  presets.push("Card numbers", "IBANs", "IP addresses");
  for (const preset of presets) {
    await page.keyboard.press("Space");
    expect(await page.evaluate("document.activeElement.parentElement.textContent")).toBe(preset);
    await page.keyboard.press("Tab");
  }
  expect(await page.evaluate("document.activeElement.textContent")).toContain("HTML page");
  const redact = "secrets,email,phone,creditCard,iban,ipAddress";
  expect(await page.evaluate("new URL(document.activeElement.href).search")).toBe(
    `?id=chat&format=html&redact=${redact}`,
  );
  expect(await accessibilityViolations(page)).toEqual([]);
  const shots = process.env["PLAYHEAD_SHOTS"];
  if (shots)
    await writeFile(
      `${shots}/export-${view.width}-${view.colorScheme}.png`,
      await page.screenshot(),
    );
  await page.keyboard.press("Escape");
  expect(await button.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(
    true,
  );
  await page.goto(bench.studio.url);
  await page.locator("[data-session-id]").first().waitFor();
  expect(await page.getByTestId("import").count()).toBe(1);
  expect(await accessibilityViolations(page)).toEqual([]);
  if (shots)
    await writeFile(
      `${shots}/import-${view.width}-${view.colorScheme}.png`,
      await page.screenshot(),
    );
  expect(complaints).toEqual([]);
});

it("takes no file and gives none without the keys of a studio that has some", async () => {
  const studio = await openStudio({ publicKey: "pk-lf-1", secretKey: "sk-lf-1" });
  expect((await get(studio, "/api/studio/session-export?id=chat")).status).toBe(401);
  expect((await post(studio, "/api/studio/import", "{}")).status).toBe(401);
});
