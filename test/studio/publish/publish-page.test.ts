import { createHash } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { PublicationList } from "../../../src/studio/api/publication-types";
import type { SessionDetail } from "../../../src/studio/api/types";
import { type Studio, startStudio } from "../../../src/studio/server";
import { openPage, type StudioPage, type View } from "../../e2e/support/studio-page";
import { accessibilityViolations } from "../../support/accessibility";
import { launchBrowser } from "../../support/browser";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { publish } from "./publish";

const WIDE: View = { width: 1440, height: 900, colorScheme: "light" };
const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const AUTHORIZED = {
  authorization: `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`,
};
const PATIENCE = { timeout: 10_000 };
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

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

async function sendTurns(headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const spans = ["one", "two"].map((traceId, index) => ({
    traceId,
    startTimeUnixNano: `${1_763_806_800 + 60 * index}000000000`,
    endTimeUnixNano: `${1_763_806_802 + 60 * index}000000000`,
    attributes: {
      "session.id": "chat",
      "langfuse.observation.input": `Ask ann@example.com about turn ${traceId}`,
      "langfuse.observation.output": `Answer ${traceId}`,
    },
  }));
  const answer = await post(studio, OTLP_PATH, otlpJson(...spans), headers);
  expect(answer.status).toBe(200);
}

/** In a browser of its own, which has never been at the studio. */
async function open(path: string, view = WIDE): Promise<StudioPage> {
  const opened = await openPage(browser, studio.url + path, view);
  onTestFinished(() => opened.close());
  return opened;
}

const turnsOf = (page: Page) => page.getByTestId("turn");
const dialogOf = (page: Page) => page.getByTestId("publish-dialog");

async function expectNothingHere(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Nothing here" }).waitFor();
  expect(await turnsOf(page).count()).toBe(0);
}

describe("the dialog that publishes a session", () => {
  it("opens with P, tells the address once, and that address opens the replay", async () => {
    await sendTurns();
    const { page, complaints } = await open("/sessions/chat");
    await turnsOf(page).first().waitFor();
    await page.keyboard.press("P");
    const dialog = dialogOf(page);
    await dialog.getByLabel("Your name").fill("Ann");
    await dialog.getByLabel("The address expires").selectOption({ label: "In a day" });
    await dialog.getByLabel("E-mail addresses").check();
    await dialog.getByRole("button", { name: "Publish", exact: true }).click();
    const address = (await dialog.getByTestId("public-address").textContent()) ?? "";
    expect(address).toMatch(new RegExp(`^${studio.url}/public/[\\w-]{43}$`));
    await dialog.getByText("It works on this machine alone.").waitFor();

    const reader = await open(new URL(address).pathname);
    await turnsOf(reader.page).getByText("Ask [redacted email] about turn two").first().waitFor();
    const list = (await get(studio, "/api/studio/publications")).json as PublicationList;
    expect(list.data).toMatchObject([
      { sessionId: "chat", redact: ["secrets", "email"], createdBy: { name: "Ann" } },
    ]);
    const lifetimeMs = Date.parse(list.data[0]?.expiresAt ?? "") - Date.now();
    expect(Math.round(lifetimeMs / 60_000)).toBe(24 * 60);

    await page.reload();
    await page.getByRole("button", { name: "Published" }).click();
    await dialog.getByTestId("publication").getByText("by Ann").waitFor();
    expect(await dialog.getByTestId("public-address").count()).toBe(0);
    expect([...complaints, ...reader.complaints]).toEqual([]);
  });

  it("publishes once, however often its button is pressed before the answer", async () => {
    await sendTurns();
    const { page } = await open("/sessions/chat");
    await turnsOf(page).first().waitFor();
    await page.keyboard.press("P");
    const button = dialogOf(page).getByRole("button", { name: "Publish", exact: true });
    await button.focus();
    await page.evaluate(`{ const own = document.activeElement; own.click(); own.click(); }`);
    await dialogOf(page).getByTestId("public-address").waitFor();
    const list = (await get(studio, "/api/studio/publications")).json as PublicationList;
    expect(list.data).toHaveLength(1);
  });

  it("revokes an address, which then opens nothing", async () => {
    await sendTurns();
    const { path } = await publish(studio, { sessionId: "chat" });
    const { page } = await open("/sessions/chat");
    await page.getByRole("button", { name: "Published" }).click();
    await dialogOf(page).getByRole("button", { name: "Revoke" }).click();
    await dialogOf(page).getByTestId("publication").getByText("Revoked").waitFor();
    await dialogOf(page).getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Publish", exact: true }).waitFor();
    await expectNothingHere((await open(path)).page);
  });

  it("says so when the studio does not publish", async () => {
    await sendTurns();
    const { page } = await open("/sessions/chat");
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await fetch(`${studio.url}/api/studio/sessions/chat`, { method: "DELETE" });
    await dialogOf(page).getByRole("button", { name: "Publish", exact: true }).click();
    await dialogOf(page).getByRole("alert").getByText("No session with this id").waitFor();
  });
});

describe("the public page", () => {
  it("of a studio with keys plays the session without signing in, and leads nowhere else", async () => {
    await studio.close();
    studio = await startStudio({ port: 0, db: ":memory:", ...KEYS });
    await sendTurns(AUTHORIZED);
    const { path } = await publish(studio, { sessionId: "chat" }, AUTHORIZED);
    const { page, complaints } = await open(path);
    await turnsOf(page).getByText("turn two").first().waitFor();
    await page.getByTestId("public-mark").getByText("Public, read-only").waitFor();
    const hrefs = await page
      .locator("a[href]")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(hrefs.length).toBeGreaterThan(2);
    expect(hrefs.filter((href) => !href.startsWith(path) && href !== "#main")).toEqual([]);
    expect(await page.getByTestId("publish-dialog").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Bookmark" }).count()).toBe(0);

    for (const key of ["s", "b", "P", "Escape"]) await page.keyboard.press(key);
    await page.keyboard.press("p"); // the player's own: the previous turn
    await expect.poll(() => new URL(page.url()).searchParams.get("t"), PATIENCE).not.toBeNull();
    expect(new URL(page.url()).pathname).toBe(path);
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await page.goto(`${studio.url}/sessions/chat`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("leads to the trace of a turn, to a step, and back", async () => {
    await sendTurns();
    const { path } = await publish(studio, { sessionId: "chat" });
    const { page, complaints } = await open(path);
    await turnsOf(page).first().getByTestId("turn-trace").click();
    await page.getByTestId("trace").waitFor();
    expect(page.url()).toBe(`${studio.url}${path}/trace?id=one`);
    await page.reload();
    await page.getByRole("treeitem").first().click();
    await page.getByTestId("observation-detail").getByText("Answer one").first().waitFor();
    await page.getByTestId("crumb-session").click();
    await turnsOf(page).first().waitFor();
    expect(new URL(page.url()).pathname).toBe(path);
    expect(complaints).toEqual([]);
  });

  it("shows the pictures of the session", async () => {
    const digest = createHash("sha256").update(PICTURE).digest();
    const announced = await post(
      studio,
      "/api/public/media",
      JSON.stringify({
        contentType: "image/png",
        contentLength: PICTURE.length,
        sha256Hash: digest.toString("base64"),
        traceId: "one",
        field: "input",
      }),
    );
    const { uploadUrl, mediaId } = announced.json as { uploadUrl: string; mediaId: string };
    await fetch(uploadUrl, { method: "PUT", body: new Uint8Array(PICTURE) });
    const attributes = {
      "session.id": "chat",
      "langfuse.observation.input": `@@@langfuseMedia:type=image/png|id=${mediaId}|source=bytes@@@`,
    };
    await post(studio, OTLP_PATH, otlpJson({ traceId: "one", attributes }));
    const { path, api } = await publish(studio, { sessionId: "chat" });
    const { page, complaints } = await open(path);
    const picture = turnsOf(page).locator("img");
    await picture.waitFor();
    expect(await picture.getAttribute("src")).toBe(`${api}/media/${mediaId}/content`);
    expect(
      await page.evaluate(`document.querySelector(".turn img").decode().then(() => "shown")`),
    ).toBe("shown");
    expect(complaints).toEqual([]);
  });

  it("says that there is nothing for a token that opens nothing", async () => {
    await expectNothingHere((await open("/public/none")).page);
    await expectNothingHere((await open("/public/none/trace?id=one")).page);
  });
});

describe("the session's page", () => {
  it("sets and takes away the bookmark by its button and by b", async () => {
    await sendTurns();
    const { page, complaints } = await open("/sessions/chat");
    const isKept = async (): Promise<boolean> =>
      ((await get(studio, "/api/studio/sessions/chat")).json as SessionDetail).session.isBookmarked;
    await page.getByRole("button", { name: "Bookmark", exact: true }).click();
    await page.getByRole("button", { name: "Remove the bookmark" }).waitFor();
    await expect.poll(isKept, PATIENCE).toBe(true);
    await page.keyboard.press("b");
    await page.getByRole("button", { name: "Bookmark", exact: true }).waitFor();
    await expect.poll(isKept, PATIENCE).toBe(false);
    expect(complaints).toEqual([]);
  });
});

describe.each<View>([
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
])("at $width px, $colorScheme", (view) => {
  it("publishing and the public page are accessible", async () => {
    await sendTurns();
    const { path } = await publish(studio, { sessionId: "chat", redact: ["email"] });
    const { page } = await open("/sessions/chat", view);
    await page.getByRole("button", { name: "Published" }).click();
    await dialogOf(page).getByRole("button", { name: "Publish", exact: true }).click();
    await dialogOf(page).getByTestId("public-address").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    const reader = (await open(path, view)).page;
    await turnsOf(reader).first().waitFor();
    expect(await accessibilityViolations(reader)).toEqual([]);
  });
});
