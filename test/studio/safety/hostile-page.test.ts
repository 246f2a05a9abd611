import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Turn } from "../../../src/studio/api/types";
import { comparePath } from "../../../src/studio/page/compare/compare-pick";
import { sessionPath, tracePath } from "../../../src/studio/page/route";
import { type Studio, startStudio } from "../../../src/studio/server";
import { openPage, type View } from "../../e2e/support/studio-page";
import { launchBrowser } from "../../support/browser";
import { publish } from "../publish/publish";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { DEEP_JSON, HOSTILE_TEXTS, otlpWith, scoreWith } from "./hostile-content";
import { MARKUP, touchEverything } from "./touch-everything";

/** A page has up to 160 things to press, and each is read to its end; pages wait for frames most of the time. */
vi.setConfig({ testTimeout: 90_000, maxConcurrency: 2 });

const VIEW = { width: 1440, height: 900, colorScheme: "light" } as const;

let browser: Browser;
let studio: Studio;

beforeAll(async () => {
  browser = await launchBrowser();
  studio = await startStudio({ port: 0, db: ":memory:" });
  for (const { text, kept = text } of HOSTILE_TEXTS) {
    // Once in a session, and once in a trace without one.
    await post(studio, OTLP_PATH, otlpWith(text, { traceId: text, sessionId: text }));
    await post(studio, "/api/public/scores", scoreWith(text, { traceId: text, sessionId: text }));
    await commentWith(kept);
    const correction = { traceId: kept, name: text, value: text, comment: text };
    const scored = JSON.stringify({ ...correction, dataType: "CORRECTION" });
    expect((await post(studio, "/api/public/scores", scored)).status).toBe(200);
    // A name has fewer characters to choose from.
    const categories = [{ label: text, value: 1 }];
    const config = { name: "any", dataType: "CATEGORICAL", description: text, categories };
    await post(studio, "/api/public/score-configs", JSON.stringify(config));
    await post(studio, OTLP_PATH, otlpWith(text, { traceId: `${text} alone`, sessionId: "" }));
  }
});

afterAll(async () => {
  await browser?.close();
  await studio?.close();
});

/** On the session, the trace and each observation that hostile content came with. */
async function commentWith(text: string): Promise<void> {
  const address = `/api/studio/trace?${new URLSearchParams({ id: text })}`;
  const { observations } = (await get(studio, address)).json as Turn; // the contract of the route
  const targets = [
    ["SESSION", text],
    ["TRACE", text],
    ...observations.map(({ id }) => ["OBSERVATION", id]),
  ];
  for (const [objectType, objectId] of targets) {
    const body = { projectId: text, objectType, objectId, content: text, authorUserId: text };
    expect((await post(studio, "/api/public/comments", JSON.stringify(body))).status).toBe(200);
  }
}

const expectHarmless = (...paths: readonly string[]): Promise<ReadonlySet<string>> =>
  expectAllHarmless(paths, {});

interface Look {
  readonly studio?: Studio;
  readonly view?: View;
  /** Typed into every field. */
  readonly text?: string;
  /** On the page, before anything else. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Opens the pages one after the other, and touches all that is on them. Returns the names of that. */
async function expectAllHarmless(
  paths: readonly string[],
  { studio: looked = studio, view = VIEW, text = "1", prepare }: Look,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const { page, complaints, close } = await openPage(browser, looked.url + paths[0], view);
  try {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await prepare?.(page);
    for (const path of paths) {
      if (path !== paths[0]) await page.goto(looked.url + path);
      await page.locator("main h1, main [data-testid]").first().waitFor();
      const touched = await touchEverything(page, text);
      for (const name of touched.names) names.add(name);
      expect(touched.markup, path).toEqual([]);
      expect(harmOf(complaints, looked.url), path).toEqual([]);
      expect(new URL(page.url()).origin).toBe(looked.url);
      expect(await page.evaluate("Object.prototype.polluted ?? null")).toBeNull();
      expect(page.context().pages()).toHaveLength(1);
    }
    return names;
  } finally {
    await close();
  }
}

/**
 * Without questions to the studio itself that the page gives up, since another one has overtaken them,
 * and without its answers that it has no such step, and that what was typed is no score or configuration,
 * which the browser notes down as well; and without the icon of the sign-in page, which is left before
 * it is there.
 */
function harmOf(complaints: readonly string[], url: string): readonly string[] {
  const hasNoStep = `404: ${url}/api/studio/observation?`;
  const isNotThere = complaints.some((complaint) => complaint.startsWith(hasNoStep));
  const isNoScore = `400: ${url}/api/public/score`;
  const isRefused = complaints.some((complaint) => complaint.startsWith(isNoScore));
  return complaints.filter(
    (complaint) =>
      !complaint.startsWith(`failed: ${url}/api/studio/`) &&
      !complaint.startsWith(`failed: ${url}/api/published/`) &&
      complaint !== `failed: ${url}/favicon.svg` &&
      !complaint.startsWith(hasNoStep) &&
      !complaint.startsWith(isNoScore) &&
      !(isRefused && /^console: Failed to load resource: .* 400 /.test(complaint)) &&
      !(isNotThere && /^console: Failed to load resource: .* 404 /.test(complaint)),
  );
}

/** Opens them, and looks at what shows without a touch. */
async function expectUntouchedHarmless(...paths: readonly string[]): Promise<void> {
  const { page, complaints, close } = await openPage(browser, studio.url + paths[0], VIEW);
  try {
    for (const path of paths) {
      if (path !== paths[0]) await page.goto(studio.url + path);
      await page.locator("main h1, main [data-testid]").first().waitFor();
      await page
        .locator(".loading, .skeleton, [aria-busy=true]")
        .first()
        .waitFor({ state: "hidden" });
      expect(await page.evaluate(MARKUP), path).toEqual([]);
      expect(harmOf(complaints, studio.url), path).toEqual([]);
      expect(new URL(page.url()).origin).toBe(studio.url);
    }
  } finally {
    await close();
  }
}

/** With all that gives a page something to press: several turns, idle time, an error, a tool. */
const RICH_SESSION = otlpJson(
  ...[1, 2].flatMap((turn) => {
    const at = (ms: number): string => `${1_763_806_800_000 + turn * 600_000 + ms}000000`;
    const common = { traceId: `rich-${turn}` };
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: `Question ${turn}` },
    ];
    return [
      {
        ...common,
        spanId: `answer-${turn}`,
        startTimeUnixNano: at(0),
        endTimeUnixNano: at(2_000),
        attributes: {
          "session.id": "rich",
          "langfuse.observation.type": "generation",
          "langfuse.observation.input": JSON.stringify(messages),
          "langfuse.observation.output": '{"role":"assistant","content":"**Answer**"}',
        },
      },
      ...(turn === 1
        ? [
            {
              ...common,
              spanId: "tool",
              parentSpanId: "answer-1",
              startTimeUnixNano: at(500),
              endTimeUnixNano: at(1_000),
              attributes: { "session.id": "rich", "langfuse.observation.type": "tool" },
              status: { code: 2, message: "<script>alert(1)</script>" },
            },
          ]
        : []),
    ];
  }),
);

describe("what watches for harm", () => {
  it("notices a script that runs, one that the policy refuses, and what is fetched elsewhere", async () => {
    const { page, complaints, close } = await openPage(browser, studio.url, VIEW);
    await page.evaluate("alert(1)");
    expect(complaints).toContain("dialog: 1");
    const isRefused = page.waitForEvent("console", (message) => message.text().includes("Policy"));
    await page.evaluate(
      `document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(2)>")`,
    );
    await isRefused;
    expect(complaints.join()).toContain("Content Security Policy");
    const isAsked = page
      .context()
      .waitForEvent("request", (request) => request.url().includes("invalid"));
    await page.evaluate(`location.href = "https://elsewhere.invalid/"`).catch(() => {}); // the page goes
    await isAsked;
    expect(complaints).toContain("request to https://elsewhere.invalid");
    await close();
  });

  it("touches every control of the list of sessions", async () => {
    const names = await expectHarmless("/");
    for (const name of [
      ...["Search the sessions", "Columns", "Time", "User", "Model", "Tag"],
      ...["Environment", "Score", "Size", "Errors", "Bookmarked", "Bookmark", "Session", "Turns"],
      ...["Theme: system. Change", "Keyboard shortcuts"],
    ]) {
      expect(names, name).toContain(name);
    }
  });

  it("touches every control of the replay of a session", async () => {
    await post(studio, OTLP_PATH, RICH_SESSION);
    const names = await expectHarmless(sessionPath("rich"));
    for (const name of [
      ...["Play", "Previous turn", "Next turn", "Previous event", "Next event", "Skip idle"],
      ...["Position in the session", "Next of 1 tool", "Next of 1 error", "Show all"],
      ...["Copy a link to this moment", "Chat", "Tree", "Raw", "Copy the session id"],
      ...["Copy the observation as JSON", "Copy the input", "Copy the output", "System prompt"],
      ...["Send to…", "Address", "Public key", "Secret key", "Send"],
      ...[
        "Score",
        "Save any",
        "Correct",
        "Save the correction",
        "Comment on any",
        "Comment",
        "Add the comment",
        "Bookmark",
        "Publish",
        "Keys and passwords",
        "Copy the public address",
        "Revoke",
      ],
    ]) {
      expect(names, name).toContain(name);
    }
    expect([...names].filter((name) => name.startsWith("Speed"))).toHaveLength(1);
  });

  it("touches every control of the score configurations", async () => {
    const editCategories = (page: Page): Promise<void> =>
      page.getByTestId("score-config").filter({ hasText: "any" }).first().getByText("Edit").click();
    const names = new Set([
      ...(await expectHarmless("/score-configs")),
      ...(await expectAllHarmless(["/score-configs"], { prepare: editCategories })),
    ]);
    for (const name of [
      ...["New configuration", "Name of the scores", "Add a category", "Remove category 1"],
      ...["Make it", "Save the changes", "Edit", "Archive", "Restore"],
    ]) {
      expect(names, name).toContain(name);
    }
  });

  it("touches every control of the trace", async () => {
    await post(studio, OTLP_PATH, RICH_SESSION);
    const names = await expectHarmless(tracePath("rich-1"));
    for (const name of [
      ...["Tree", "Waterfall", "Graph", "Zoom in", "Zoom out", "Fit", "Chat", "Raw"],
      ...["Copy the observation as JSON", "Copy the input", "Copy the output", "Copy the trace id"],
      ...["Close the details", "Comment", "Add the comment", "Score", "Correct"],
    ]) {
      expect(names, name).toContain(name);
    }
    expect([...names].filter((name) => name.startsWith("Filter the steps"))).toHaveLength(1);
  });
});

describe("hostile content in every field", () => {
  it.each(["/", "/sessions", "/traces", "/models"])("is harmless in the list %s", async (path) => {
    await expectHarmless(path);
  });

  it.concurrent.each(HOSTILE_TEXTS)(
    "is harmless on the pages of a session and a trace: $name",
    async (hostile) => {
      const { text, kept = text } = hostile;
      await expectAllHarmless([sessionPath(kept), tracePath(kept)], { text });
      await expectUntouchedHarmless(tracePath(`${kept} alone`));
    },
  );

  it.concurrent.each(HOSTILE_TEXTS)(
    "is harmless on the public pages of a session and a trace: $name",
    async ({ text, kept = text }) => {
      const { path } = await publish(studio, { sessionId: kept, redact: ["secrets", "email"] });
      await expectUntouchedHarmless(path, `${path}/trace?id=${encodeURIComponent(kept)}`);
    },
  );

  it("is harmless in two sessions or traces side by side", async () => {
    const ids = HOSTILE_TEXTS.map(({ text, kept = text }) => kept);
    const pairs = ids.map((id, index) => [id, ids[(index + 1) % ids.length] ?? id] as const);
    await expectUntouchedHarmless(
      ...pairs.map(([a, b]) => comparePath("session", a, b)),
      ...pairs.map(([a, b]) => comparePath("trace", b, a)),
    );
    await expectHarmless(comparePath("session", "rich", ids[0] ?? ""));
  });

  it("is harmless whatever is touched on the public pages, which change nothing", async () => {
    await post(studio, OTLP_PATH, RICH_SESSION);
    const { path } = await publish(studio, { sessionId: "rich" });
    const names = await expectHarmless(path, `${path}/trace?id=rich-1`);
    for (const name of ["Play", "Next turn", "Waterfall", "Copy the trace id"]) {
      expect(names, name).toContain(name);
    }
    expect(
      [...names].filter((name) => /publish|bookmark|revoke|comment|score|correct/i.test(name)),
    ).toEqual([]);
  });

  it("is harmless in what is searched and filtered for, and in other words of an address", async () => {
    await post(studio, OTLP_PATH, RICH_SESSION);
    const texts = HOSTILE_TEXTS.map(({ text }) => text.toWellFormed());
    const filterBy = (name: string): string =>
      `/?${new URLSearchParams(texts.map((text) => [name, text]))}`;
    const names = ["user", "model", "tag", "environment", "score", "sort", "from", "minCost"];
    const all = encodeURIComponent(texts.slice(0, 12).join(" "));
    await expectUntouchedHarmless(
      ...texts.map((text) => `/?q=${encodeURIComponent(text)}`),
      ...names.map(filterBy),
      `/sessions/rich?t=${all}&observation=${all}`,
      `/traces/rich-1?view=${all}&observation=${all}`,
    );
  });

  it("is harmless on a screen of 390 px", async () => {
    const [{ text } = { text: "" }] = HOSTILE_TEXTS;
    const view = { ...VIEW, width: 390, height: 844 };
    const names = await expectAllHarmless(["/", sessionPath(text), tracePath(text)], {
      view,
      text,
    });
    expect(names).toContain("Sort by");
  });

  it("is harmless on the setup page: in keys, in traces that came without a session", async () => {
    const [{ text } = { text: "" }] = HOSTILE_TEXTS;
    const keys = { publicKey: `pk"'>${text}`, secretKey: `sk"'>${text}` };
    const empty = await startStudio({ port: 0, db: ":memory:", ...keys });
    onTestFinished(() => empty.close());
    const authorization = `Basic ${Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString("base64")}`;
    const alone = otlpWith(text, { traceId: text, sessionId: "" });
    expect((await post(empty, OTLP_PATH, alone, { authorization })).status).toBe(200);
    const names = await expectAllHarmless(["/"], {
      studio: empty,
      text: keys.secretKey,
      async prepare(page) {
        await page.getByLabel("Secret key").fill(keys.secretKey);
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByTestId("setup-guide").waitFor();
      },
    });
    for (const name of [
      ...["playhead", "@langfuse/*", "Python langfuse", "OpenTelemetry", "Collector"],
      ...["Copy the environment", "Copy the configuration"],
    ]) {
      expect(names, name).toContain(name);
    }
  });

  it("is harmless in an address that names nothing", async () => {
    const path = `/nothing/${encodeURIComponent("<script>alert(1)</script>")}`;
    const response = await fetch(studio.url + path);
    expect(response.headers.get("content-type")).toContain("application/json");
  });

  it("is harmless as JSON of twenty thousand levels, and as parents in a circle", async () => {
    const deep = { "langfuse.observation.input": DEEP_JSON, "session.id": "deep" };
    const spans = [
      { spanId: "a", parentSpanId: "b" },
      { spanId: "b", parentSpanId: "a" },
      { spanId: "c", parentSpanId: "c" },
    ].map((span) => ({ ...span, traceId: "circle", attributes: { "session.id": "deep" } }));
    await post(studio, OTLP_PATH, otlpJson({ traceId: "deep", attributes: deep }, ...spans));
    await expectHarmless("/sessions/deep", "/traces/circle");
  });

  it("is harmless as a chain of twenty thousand steps, each in the one before", async () => {
    const spans = Array.from({ length: 20_000 }, (_, index) => ({
      traceId: "chain",
      spanId: `step-${index}`,
      ...(index > 0 && { parentSpanId: `step-${index - 1}` }),
      name: `<script>alert(${index})</script>`,
      attributes: { "session.id": "chain" },
    }));
    await post(studio, OTLP_PATH, otlpJson(...spans));
    const names = await expectHarmless(tracePath("chain"), sessionPath("chain"));
    for (const name of ["Waterfall", "Graph", "Fit"]) expect(names, name).toContain(name);
  });

  it("is harmless as an attribute of ten megabytes, which is folded", async () => {
    const output = "<script>alert(1)</script>".repeat(420_000);
    const attributes = { "session.id": "large", "langfuse.observation.output": output };
    await post(studio, OTLP_PATH, otlpJson({ traceId: "large", attributes }));
    await expectHarmless("/sessions/large");
    const { page, close } = await openPage(browser, `${studio.url}/sessions/large`, VIEW);
    const answer = page.getByTestId("turn-assistant");
    await answer.getByText("of 10,500,000 characters hidden").waitFor();
    expect(((await answer.textContent()) ?? "").length).toBeLessThan(6_000);
    await close();
  });
});

describe("a link that leads out of the studio", () => {
  const OUT = "https://bank.example@elsewhere.invalid/a?b=%E2%80%AE#c";

  async function withLink(href: string, attributes = "") {
    const opened = await openPage(browser, studio.url, VIEW);
    const { page } = opened;
    await page.getByTestId("session-row").first().waitFor();
    await page.evaluate(
      `document.querySelector("main").insertAdjacentHTML("afterbegin", ${JSON.stringify(
        `<a id="out" ${attributes} href="${href}"><b>bank</b></a>`,
      )})`,
    );
    return { ...opened, sheet: page.getByTestId("leave-sheet"), link: page.locator("#out") };
  }

  it("asks first and shows the whole address, with whom it reaches", async () => {
    const { page, link, sheet, complaints, close } = await withLink(OUT);
    await link.click();
    expect(await sheet.getByTestId("leave-address").textContent()).toBe(OUT);
    expect(await sheet.locator("strong").textContent()).toBe("elsewhere.invalid");
    await sheet.getByRole("button", { name: "Stay here" }).click();
    await sheet.waitFor({ state: "hidden" });
    expect(complaints).toEqual([]);
    expect(page.context().pages()).toHaveLength(1);
    await close();
  });

  it("opens in a tab that knows nothing of this one, once it is agreed to", async () => {
    const asked: { url: string | undefined; referer: string | undefined }[] = [];
    const elsewhere = createServer(({ url, headers }, response) => {
      if (url !== "/favicon.ico") asked.push({ url, referer: headers.referer });
      response.setHeader("content-type", "text/html");
      response.end("<p>elsewhere</p>");
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void elsewhere.close());
    await once(elsewhere, "listening");
    const { port } = elsewhere.address() as AddressInfo; // listening on TCP, so it is one
    const { page, link, sheet, close } = await withLink(`http://localhost:${port}/a?b=c#d`);
    await link.click();
    const open = sheet.getByRole("link", { name: "Open in a new tab" });
    expect(await open.getAttribute("rel")).toBe("noopener noreferrer");
    const [tab] = await Promise.all([page.context().waitForEvent("page"), open.click()]);
    await tab.getByText("elsewhere", { exact: true }).waitFor();
    expect(await tab.evaluate("window.opener")).toBeNull();
    expect(asked).toEqual([{ url: "/a?b=c", referer: undefined }]);
    expect(page.url()).toBe(`${studio.url}/`);
    await close();
  });

  it.each([
    ["the middle button", { button: "middle" as const }],
    ["the key for a new tab", { modifiers: ["ControlOrMeta" as const] }],
    ["the key for a new window", { modifiers: ["Shift" as const] }],
  ])("asks for %s as well", async (_case, how) => {
    const { page, link, sheet, complaints, close } = await withLink(OUT, 'target="_blank"');
    await link.click(how);
    await sheet.getByTestId("leave-address").waitFor();
    expect(complaints).toEqual([]);
    expect(page.context().pages()).toHaveLength(1);
    await close();
  });

  it("asks for the keyboard as well", async () => {
    const { page, link, sheet, close } = await withLink(OUT);
    await link.focus();
    await page.keyboard.press("Enter");
    await sheet.getByTestId("leave-address").waitFor();
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    await close();
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "https://[",
  ])("does nothing where it is %s", async (href) => {
    const { page, link, sheet, complaints, close } = await withLink(href.replaceAll("<", "&lt;"));
    await link.click();
    await link.click({ button: "middle" });
    expect(await sheet.isVisible()).toBe(false);
    expect(page.url()).toBe(`${studio.url}/`);
    expect(page.context().pages()).toHaveLength(1);
    expect(complaints).toEqual([]);
    await close();
  });
});
