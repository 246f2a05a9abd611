import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sessionPath, tracePath } from "../../../src/studio/page/route";
import { type Studio, startStudio } from "../../../src/studio/server";
import { openPage } from "../../e2e/support/studio-page";
import { launchBrowser } from "../../support/browser";
import { OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { DEEP_JSON, HOSTILE_TEXTS, otlpWith, scoreWith } from "./hostile-content";

const VIEW = { width: 1440, height: 900, colorScheme: "light" } as const;

let browser: Browser;
let studio: Studio;

beforeAll(async () => {
  browser = await launchBrowser();
  studio = await startStudio({ port: 0, db: ":memory:" });
  for (const { text } of HOSTILE_TEXTS) {
    // Once in a session, and once in a trace without one.
    await post(studio, OTLP_PATH, otlpWith(text, { traceId: text, sessionId: text }));
    await post(studio, "/api/public/scores", scoreWith(text, { traceId: text, sessionId: text }));
    await post(studio, OTLP_PATH, otlpWith(text, { traceId: `${text} alone`, sessionId: "" }));
  }
});

afterAll(async () => {
  await browser?.close();
  await studio?.close();
});

/** Opens all that a page folds, and tells all that it shows what the browser would. */
async function touchEverything(page: Page): Promise<void> {
  const press = (selector: string, limit: number): Promise<unknown> =>
    page.evaluate(`new Promise((done) => {
      for (const element of [...document.querySelectorAll(${JSON.stringify(selector)})].slice(0, ${limit})) {
        element.click();
      }
      requestAnimationFrame(() => requestAnimationFrame(done)); // by then it is shown
    })`);
  await press('[data-testid="turn-toggle"][aria-expanded="false"]', 2);
  await press('[data-testid="observation-row"]', 3);
  await press('main [aria-expanded="false"]', 20);
  await page.evaluate(`for (const element of document.body.querySelectorAll("*")) {
    for (const type of ["mouseover", "mouseenter", "focus", "error", "load"]) {
      element.dispatchEvent(new Event(type));
    }
  }`);
}

/** Where code of the content would come in, had it become markup. */
const MARKUP = `[...document.querySelectorAll(
  "#app script, #app iframe, #app object, #app embed, #app style, #app base, #app meta, #app form, #app use, " +
  "#app [onerror], #app [onload], #app [srcdoc], #app [href^='javascript:'], #app [href^='data:text']"
)].map((element) => element.outerHTML.slice(0, 200))`;

async function expectHarmless(...paths: readonly string[]): Promise<void> {
  const { page, complaints, close } = await openPage(browser, studio.url + paths[0], VIEW);
  try {
    for (const path of paths) {
      if (path !== paths[0]) await page.goto(studio.url + path);
      await page.locator("main h1, main [data-testid]").first().waitFor();
      await touchEverything(page);
      expect(await page.evaluate(MARKUP), path).toEqual([]);
      expect(complaints, path).toEqual([]);
      expect(new URL(page.url()).origin).toBe(studio.url);
      expect(await page.evaluate("Object.prototype.polluted ?? null")).toBeNull();
      expect(page.context().pages()).toHaveLength(1);
    }
  } finally {
    await close();
  }
}

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
});

describe("hostile content in every field", () => {
  it.each(["/", "/sessions", "/traces"])("is harmless in the list %s", (path) =>
    expectHarmless(path),
  );

  it.each(HOSTILE_TEXTS)(
    "is harmless on the pages of a session and a trace: $name",
    async (hostile) => {
      const { text, kept = text } = hostile;
      await expectHarmless(sessionPath(kept), tracePath(kept), tracePath(`${kept} alone`));
    },
  );

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

  it("is harmless as an attribute of ten megabytes, which is folded", async () => {
    const output = "<script>alert(1)</script>".repeat(420_000);
    const attributes = { "session.id": "large", "langfuse.observation.output": output };
    await post(studio, OTLP_PATH, otlpJson({ traceId: "large", attributes }));
    await expectHarmless("/sessions/large");
  });
});

describe("a link that leads out of the studio", () => {
  const OUT = "https://bank.example@elsewhere.invalid/a?b=%E2%80%AE#c";

  async function withLink(href: string, attributes = "") {
    const opened = await openPage(browser, studio.url, VIEW);
    const { page } = opened;
    await page.locator("main h1, main [data-testid]").first().waitFor();
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
