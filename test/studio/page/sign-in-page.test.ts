import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server";
import { launchBrowser } from "../../support/browser";
import { OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const AUTHORIZED = {
  authorization: `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`,
};

let browser: Browser;
let studio: Studio;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  studio = await startStudio({ port: 0, db: ":memory:", ...KEYS });
  return () => studio.close();
});

async function openContext(options: { javaScriptEnabled?: boolean } = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  return context;
}

async function sendTurn(traceId: string): Promise<void> {
  const attributes = { "session.id": "chat", "langfuse.observation.input": `turn ${traceId}` };
  const answer = await post(studio, OTLP_PATH, otlpJson({ traceId, attributes }), AUTHORIZED);
  expect(answer.status).toBe(200);
}

async function signIn(page: Page, secretKey = KEYS.secretKey): Promise<void> {
  await page.getByLabel("Secret key").fill(secretKey);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const isLive = (page: Page) =>
  page.locator('[data-testid="live-state"][data-state="live"]').waitFor();

describe("the sign-in page", () => {
  it("asks for the secret key and leads back to where the reader wanted to go", async () => {
    await sendTurn("one");
    const page = await (await openContext()).newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(`${studio.url}/sessions/chat`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.locator(":focus").getAttribute("id")).toBe("secret-key");
    expect(complaints).toEqual([]);

    await signIn(page, "wrong");
    await page.getByRole("alert").getByText("That is not the secret key of this studio.").waitFor();
    await signIn(page);
    await page.getByTestId("turn").getByText("turn one").first().waitFor();
    expect(page.url()).toBe(`${studio.url}/sessions/chat`);
    await isLive(page);
    await sendTurn("two");
    await page.getByTestId("turn").getByText("turn two").first().waitFor();
    expect(await page.evaluate("document.cookie")).toBe("");
  });

  it("works without script", async () => {
    const page = await (await openContext({ javaScriptEnabled: false })).newPage();
    await page.goto(`${studio.url}/traces`);
    await signIn(page);
    await page.waitForURL(`${studio.url}/traces`);
    expect(await page.locator("body[data-signed-in]").count()).toBe(1);
  });

  it("is passed by when a signed-in reader follows a link of another site", async () => {
    const page = await (await openContext()).newPage();
    await page.goto(studio.url);
    await signIn(page);
    await isLive(page);
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<a href="${studio.url}/traces">Look at this</a>`);
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // listening on TCP, so it is one
    await page.goto(`http://localhost:${port}`); // another site than 127.0.0.1
    await page.getByText("Look at this").click();
    await page.waitForURL(`${studio.url}/traces`);
    await isLive(page);
  });
});

describe("signing out", () => {
  it("leads to the sign-in page in all tabs, and opens nothing any more", async () => {
    const context = await openContext();
    const page = await context.newPage();
    await page.goto(studio.url);
    await signIn(page);
    await isLive(page);
    const other = await context.newPage();
    await other.goto(`${studio.url}/traces`);
    await isLive(other);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await other.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(`${studio.url}/sessions`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signIn(other);
    await isLive(other);
    expect(other.url()).toBe(`${studio.url}/traces`);
  });

  it("is not offered where no keys are set", async () => {
    await using open = await startStudio({ port: 0, db: ":memory:" });
    const page = await (await openContext()).newPage();
    await page.goto(open.url);
    await isLive(page);
    expect(await page.getByTestId("sign-out").count()).toBe(0);
  });
});
