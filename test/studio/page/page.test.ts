import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tracePath } from "../../../src/studio/page/route";
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
  /** @default one that no turn before had */
  readonly traceId?: string;
  readonly input: string;
  readonly output: string;
  readonly error?: string;
}

/** Sends a trace of two spans, a chain and the generation in it, as any OTLP client does. */
async function sendTurn(turn: TurnFields): Promise<void> {
  spanCount += 1;
  const { sessionId, traceId = lastTraceId(), input, output, error } = turn;
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

function lastTraceId(): string {
  return spanCount.toString(16).padStart(32, "0");
}

async function sendScore(score: object): Promise<void> {
  const response = await fetch(`${studio.url}/api/public/scores`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(score),
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

  it.each([".", ".."])("opens the session and the trace with the id %s", async (id) => {
    await sendTurn({ sessionId: id, traceId: id, input: "Where am I?", output: "Here." });
    await page.goto(studio.url);
    await page.getByTestId("session-row").click();
    await page.getByTestId("turn-assistant").getByText("Here.").waitFor();
    expect(await page.getByTestId("session-id").textContent()).toBe(id);
    await page.reload();
    await page.getByTestId("turn-assistant").getByText("Here.").waitFor();

    await page.goto(`${studio.url}${tracePath(id)}`);
    await page.getByRole("heading", { name: "answer" }).waitFor();
    expect(await page.getByTestId("trace").getAttribute("data-trace-id")).toBe(id);
    expect(complaints).toEqual([]);
  });

  it("shows boolean scores as true or false, and several of them as a share", async () => {
    await sendTurn({ sessionId: "scored", input: "one", output: "1" });
    await sendScore({ sessionId: "scored", name: "solved", dataType: "BOOLEAN", value: 0 });
    await sendScore({ sessionId: "scored", name: "stars", value: 4.5 });
    const traceId = lastTraceId();
    for (const value of [1, 1, 0]) {
      await sendScore({ traceId, name: "user-feedback", dataType: "BOOLEAN", value });
    }
    await page.goto(studio.url);
    const row = page.getByTestId("session-row");
    await row.getByText("+1", { exact: true }).waitFor();
    const expected = ["solvedfalse", "stars4.5", "user-feedback67 % true"];
    // A row has room for the names of two.
    const inRow = await row.getByTestId("score-badge").allTextContents();
    expect(inRow).toEqual(expected.slice(0, 2));

    await row.click();
    await page.getByTestId("turn").waitFor();
    const header = page.locator(".session-header");
    expect(await header.getByTestId("score-badge").allTextContents()).toEqual(expected);
    expect(await page.getByTestId("turn").getByTestId("score-badge").allTextContents()).toEqual([
      "user-feedbacktrue",
      "user-feedbacktrue",
      "user-feedbackfalse",
    ]);
  });

  it.each([390, 1440])(
    "leaves the answer in sight below an input of 1 MiB at %d px",
    async (width) => {
      const input = "A log that a user pasted. ".repeat(41_000).slice(0, 1_048_576);
      await sendTurn({ sessionId: "long", input, output: "Too long, did not read." });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${studio.url}/sessions/long`);
      const user = page.getByTestId("turn-user");
      await user.waitFor();
      const box = await user.boundingBox();
      expect(box?.height).toBeLessThan(width === 390 ? 800 : 400);
      expect(await user.locator(".prose").textContent()).toBe(input.slice(0, 1_200));

      await user.getByRole("button", { name: "Show more" }).click();
      await user.getByText("1,042,576 of 1,048,576 characters hidden").waitFor();
      expect(await user.locator(".prose").textContent()).toBe(input.slice(0, 6_000));
      expect(complaints).toEqual([]);
    },
  );

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
