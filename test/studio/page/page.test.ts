import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server/index";
import { launchBrowser } from "../../support/browser";

const HOSTILE = `<script>window.wasRun = true</script><img src=x onerror="window.wasRun = true">`;

let browser: Browser;
let studio: Studio;
let page: Page;
/** What the browser complained about: errors of the script, refusals by the content security policy. */
let complaints: string[];
let spanCount = 0;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  studio = await startStudio({ port: 0, db: ":memory:" });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return async () => {
    await context.close();
    await studio.close();
  };
});

interface TurnFields {
  readonly sessionId: string;
  readonly input: string;
  readonly output: string;
  readonly error?: string;
}

/** Sends a trace of two spans, a chain and the generation in it, as any OTLP client does. */
async function sendTurn({ sessionId, input, output, error }: TurnFields): Promise<void> {
  spanCount += 1;
  const traceId = spanCount.toString(16).padStart(32, "0");
  const startMs = Date.now() - 1_000;
  const attributes = (fields: Record<string, string>): object[] =>
    Object.entries({ "session.id": sessionId, ...fields }).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    }));
  const root = {
    traceId,
    spanId: "00000000000000a1",
    name: "answer",
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 800}000000`,
    attributes: attributes({
      "langfuse.observation.type": "chain",
      "langfuse.observation.input": input,
      "langfuse.observation.output": output,
    }),
    status: error === undefined ? {} : { code: 2, message: error },
  };
  const generation = {
    traceId,
    spanId: "00000000000000b2",
    parentSpanId: root.spanId,
    name: "reply",
    startTimeUnixNano: `${startMs + 100}000000`,
    endTimeUnixNano: `${startMs + 700}000000`,
    attributes: attributes({
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "model-1",
      "langfuse.observation.input": JSON.stringify([{ role: "user", content: input }]),
      "langfuse.observation.output": JSON.stringify({ role: "assistant", content: output }),
    }),
    status: {},
  };
  const response = await fetch(`${studio.url}/api/public/otel/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [root, generation] }] }] }),
  });
  expect(response.status).toBe(200);
}

describe("the page", () => {
  it("tells how to send the first span and turns into the list when it arrives", async () => {
    await page.goto(studio.url);
    const guide = page.getByTestId("setup-guide");
    await guide.getByText(`LANGFUSE_BASE_URL=${studio.url}`).waitFor();
    await sendTurn({ sessionId: "first", input: "Is anybody there?", output: "Yes." });
    await page.getByTestId("session-row").getByText("Is anybody there?").waitFor();
    await guide.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });

  it("opens a session, a turn and the details of a step by keyboard alone", async () => {
    await sendTurn({ sessionId: "chat", input: "What is it?", output: "A lighthouse." });
    await page.goto(studio.url);
    await page.getByTestId("session-row").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByTestId("turn-assistant").waitFor();
    expect(new URL(page.url()).pathname).toBe("/sessions/chat");
    expect(await page.getByTestId("turn-user").textContent()).toBe("What is it?");
    expect(await page.getByTestId("turn-assistant").textContent()).toBe("A lighthouse.");

    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const steps = page.getByRole("treeitem");
    await steps.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const detail = page.getByTestId("observation-detail");
    await detail.getByRole("heading", { name: "reply" }).waitFor();
    expect(await detail.textContent()).toContain("model-1");
    expect(await page.getByTestId("turn-toggle").getAttribute("aria-expanded")).toBe("true");

    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await steps.first().waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByTestId("session-row").waitFor();
    expect(complaints).toEqual([]);
  });

  it("adds a turn to the session that is shown and leaves an opened turn open", async () => {
    await sendTurn({ sessionId: "live", input: "one", output: "1" });
    await page.goto(`${studio.url}/project/any/sessions/live`);
    await page.getByTestId("turn-toggle").click();
    await page.getByTestId("observation-row").first().waitFor();
    await sendTurn({ sessionId: "live", input: "two", output: "", error: "out of paper" });
    await page.getByTestId("turn").nth(1).getByText("out of paper").waitFor();
    expect(await page.getByTestId("observation-row").count()).toBe(2);
    expect(complaints).toEqual([]);
  });

  it("shows captured markup as text and runs none of it", async () => {
    await sendTurn({ sessionId: HOSTILE, input: HOSTILE, output: HOSTILE, error: HOSTILE });
    await page.goto(studio.url);
    await page.getByTestId("session-row").click();
    await page.getByTestId("turn-toggle").click();
    await page.getByTestId("observation-row").first().click();
    await page.getByTestId("observation-detail").waitFor();
    expect(await page.getByTestId("turn-user").textContent()).toBe(HOSTILE);
    expect(await page.getByTestId("turn-assistant").textContent()).toBe(HOSTILE);
    expect(await page.evaluate("[window.wasRun, document.querySelector('img')]")).toEqual([
      undefined,
      null,
    ]);
    expect(complaints).toEqual([]);
  });
});
