import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityViolations } from "../support/accessibility";
import { launchBrowser } from "../support/browser";
import { sendSpans } from "./support/send-spans";
import { openStudio } from "./support/studio";
import { openPage, type View } from "./support/studio-page";

const WIDE: View = { width: 1440, height: 900, colorScheme: "dark" };
const NARROW: View = { width: 390, height: 844, colorScheme: "light" };

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

describe.each([WIDE, NARROW])("the setup page at $width px", (view) => {
  it("tells for each client what to paste, with the address of this studio", async () => {
    const studio = await openStudio();
    const { page, complaints, close } = await openPage(browser, studio.url, view);
    const guide = page.getByTestId("setup-guide");
    await guide.waitFor();
    const tabs = guide.getByRole("tab");
    expect(await tabs.allTextContents()).toEqual([
      "playhead",
      "@langfuse/*",
      "Python langfuse",
      "OpenTelemetry",
      "Collector",
    ]);
    await guide.getByText("This studio asks for no keys and takes any.").waitFor();
    await tabs.first().click();
    for (const [index, expected] of [
      [0, `LANGFUSE_BASE_URL=${studio.url}`],
      [1, "LangfuseSpanProcessor"],
      [2, "pip install langfuse"],
      [3, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${studio.url}/api/public/otel/v1/traces`],
      [4, `endpoint: ${studio.url}/api/public/otel`],
    ] as const) {
      await tabs.nth(index).click();
      await guide.getByRole("tabpanel").getByText(expected).first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    }
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(view.width);
    expect(complaints).toEqual([]);
    await close();
  });

  it("shows the public key of a studio that asks for keys, and fills in the secret one", async () => {
    const keys = { publicKey: "pk-lf-page", secretKey: "sk-lf-page-0123456789" };
    const studio = await openStudio(keys);
    const { page, complaints, close } = await openPage(browser, studio.url, view);
    await page.getByLabel("Secret key").fill(keys.secretKey);
    await page.keyboard.press("Enter");
    const guide = page.getByTestId("setup-guide");
    await guide.getByText("This studio asks for its keys.").waitFor();
    const panel = guide.getByRole("tabpanel");
    await panel.getByText("LANGFUSE_SECRET_KEY=<the secret key>").waitFor();
    await guide.getByPlaceholder("Secret key").fill(keys.secretKey);
    await panel.getByText(`LANGFUSE_SECRET_KEY=${keys.secretKey}`).waitFor();
    expect(await panel.getByText(`LANGFUSE_PUBLIC_KEY=${keys.publicKey}`).count()).toBe(1);
    await guide.getByRole("tab", { name: "OpenTelemetry" }).click();
    const pair = Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString("base64");
    await panel.getByText(`Authorization=Basic%20${encodeURIComponent(pair)}`).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it("moves between the clients by arrow keys and remembers the last", async () => {
    const studio = await openStudio();
    const { page, close } = await openPage(browser, studio.url, view);
    await page.getByRole("tab", { name: "playhead" }).click();
    await page.keyboard.press("ArrowRight");
    await page.getByText("LangfuseSpanProcessor").first().waitFor();
    await page.keyboard.press("End");
    await page.getByText("otlphttp/playhead").first().waitFor();
    await page.reload();
    await page.getByText("otlphttp/playhead").first().waitFor();
    await close();
  });

  it("copies what it shows", async () => {
    const studio = await openStudio();
    const { page, close } = await openPage(browser, studio.url, view);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy the environment" }).click();
    await expect
      .poll(() => page.evaluate("navigator.clipboard.readText()"))
      .toBe(
        [
          `LANGFUSE_BASE_URL=${studio.url}`,
          "LANGFUSE_PUBLIC_KEY=pk-lf-local",
          "LANGFUSE_SECRET_KEY=sk-lf-local",
        ].join("\n"),
      );
    await close();
  });

  it("turns into the list of sessions when the first span of one arrives", async () => {
    const studio = await openStudio();
    const { page, complaints, close } = await openPage(browser, studio.url, view);
    await page.getByTestId("setup-guide").waitFor();
    await page.evaluate("window.isSamePage = true");
    const attributes = { "session.id": "first", "langfuse.observation.input": "Anybody there?" };
    await sendSpans(studio.url, [{ id: "a", startMs: 0, endMs: 5, attributes }]);
    await page.getByTestId("session-row").getByText("Anybody there?").waitFor();
    await page.getByTestId("setup-guide").waitFor({ state: "detached" });
    expect(await page.evaluate("window.isSamePage")).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  it("turns into the list of traces when the first span names no session", async () => {
    const studio = await openStudio();
    const { page, complaints, close } = await openPage(browser, studio.url, view);
    await page.getByTestId("setup-guide").waitFor();
    await sendSpans(studio.url, [{ id: "a", name: "lonely", startMs: 0, endMs: 5 }]);
    await page.waitForURL(`${studio.url}/traces`);
    await page.getByText("lonely").first().waitFor();
    await page.goto(studio.url);
    await page.getByText("1 trace has arrived without a session id").waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});
