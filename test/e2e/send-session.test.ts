import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityViolations } from "../support/accessibility";
import { launchBrowser } from "../support/browser";
import { startScriptedServer } from "../support/scripted-server";
import { sendSupportSessions } from "../support/support-sessions";
import { deadUrl } from "./support/ports";
import { openStudio, type TestStudio } from "./support/studio";
import { openPage, type StudioPage, type View } from "./support/studio-page";

const WIDE: View = { width: 1440, height: 900, colorScheme: "light" };
const NARROW: View = { width: 390, height: 844, colorScheme: "dark" };
const KEYS = { publicKey: "pk-lf-target", secretKey: "sk-lf-target-secret" };
const HEADERS = { authorization: `Basic ${btoa(`${KEYS.publicKey}:${KEYS.secretKey}`)}` };

let browser: Browser;
let source: TestStudio;

beforeAll(async () => {
  browser = await launchBrowser();
  source = await openStudio({}, afterAll);
  await sendSupportSessions(source.url);
});

afterAll(() => browser?.close());

async function openSheet(view: View): Promise<StudioPage & { sheet: ReturnType<Page["locator"]> }> {
  const opened = await openPage(browser, `${source.url}/sessions/chat-1`, view);
  await opened.page.getByRole("button", { name: "Send to…" }).click();
  const sheet = opened.page.getByRole("dialog", { name: "Send this session" });
  await sheet.waitFor();
  return { ...opened, sheet };
}

async function sessionOf(url: string, headers = {}): Promise<unknown> {
  return (await fetch(`${url}/api/studio/sessions/chat-1`, { headers })).json();
}

describe.each([WIDE, NARROW])("the sheet that sends a session at $width px", (view) => {
  it("sends it by the keyboard alone, says what was sent, and forgets the keys", async () => {
    const target = await openStudio(KEYS);
    const { page, sheet, complaints, close } = await openSheet(view);
    await sheet.getByLabel("Address").focus();
    await page.keyboard.type(target.url);
    await page.keyboard.press("Tab");
    await page.keyboard.type(KEYS.publicKey);
    await page.keyboard.press("Tab");
    await page.keyboard.type(KEYS.secretKey);
    await page.keyboard.press("Enter");
    const state = sheet.getByTestId("send-state");
    await state.getByText("All sent").waitFor();
    expect(await state.textContent()).toBe(
      "All sent to the project playhead6 of 6 observations3 of 3 scores",
    );
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await sessionOf(target.url, HEADERS)).toEqual(await sessionOf(source.url));
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Send to…" }).click();
    expect(await sheet.getByLabel("Address").inputValue()).toBe(target.url);
    expect(await sheet.getByLabel("Public key").inputValue()).toBe("");
    expect(await sheet.getByLabel("Secret key").inputValue()).toBe("");
    expect(
      await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"),
    ).not.toContain("lf-target");
    expect(complaints).toEqual([]);
    await close();
  });

  it("says what is wrong before and after it asks", async () => {
    const dead = await deadUrl();
    const { sheet, page, complaints, close } = await openSheet(view);
    const send = sheet.getByRole("button", { name: /^Send/ });
    const state = sheet.getByTestId("send-state");
    await send.click();
    expect(await state.textContent()).toBe('Expected an address with http:// or https://, got ""');
    await sheet.getByLabel("Address").fill(dead);
    await sheet.getByLabel("Public key").fill("pk-lf-1");
    await send.click();
    expect(await state.textContent()).toBe("Expected both keys, or none");
    await sheet.getByLabel("Public key").fill("");
    await send.click();
    await state.getByText(`Cannot reach ${dead}: ECONNREFUSED`).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("shows how far it is, and stops", async () => {
    await using server = await startScriptedServer((response, { path }) => {
      if (path === "/v1/traces") response.writeHead(503).end();
      else response.writeHead(404).end();
    });
    const { sheet, page, close } = await openSheet(view);
    await sheet.getByLabel("Address").fill(server.url);
    await sheet.getByRole("button", { name: "Send" }).click();
    await sheet.getByText("Observations: 0 of 6").waitFor();
    await sheet.getByText("HTTP 503, trying again").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await sheet.getByRole("button", { name: "Stop" }).click();
    await sheet.waitFor({ state: "hidden" });
    await expect.poll(() => server.connectionCount).toBe(0);
    await close();
  });
});
