import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ObservationView } from "../../src/studio/api/types";
import { accessibilityViolations } from "../support/accessibility";
import { launchBrowser } from "../support/browser";
import { AGENT_TRACE, STACK } from "./support/agent-trace";
import { sendSpans } from "./support/send-spans";
import { openStudio, type TestStudio } from "./support/studio";
import { openPage, type View } from "./support/studio-page";

const WIDE: View = { width: 1440, height: 900, colorScheme: "light" };
const NARROW: View = { width: 390, height: 844, colorScheme: "dark" };
const TRACE_PATH = "/traces/trace-1";

let browser: Browser;
let studio: TestStudio;

beforeAll(async () => {
  browser = await launchBrowser();
  studio = await openStudio({}, afterAll);
  await sendSpans(studio.url, AGENT_TRACE);
});

afterAll(() => browser?.close());

describe.each([WIDE, NARROW])("a trace at $width px", (view) => {
  let page: Page;
  let complaints: readonly string[];
  let settled: () => Promise<void>;

  beforeEach(async () => {
    const opened = await openPage(browser, studio.url + TRACE_PATH, view);
    ({ page, complaints, settled } = opened);
    await page.getByTestId("observation-row").nth(6).waitFor();
    return async () => {
      expect(complaints).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
        view.width,
      );
      await opened.close();
    };
  });

  it("shows every step in its place in the tree, errors marked", async () => {
    const rows = page.getByTestId("observation-row");
    expect(await levels(page)).toEqual([
      ["request", 1],
      ["agent", 2],
      ["plan-1", 3],
      ["search-1", 3],
      ["plan-2", 3],
      ["search-2", 3],
      ["answer", 3],
    ]);
    expect(await rows.nth(5).getByText("error", { exact: true }).isVisible()).toBe(true);
    expect(await rows.nth(3).getByText("error", { exact: true }).count()).toBe(0);
    expect(await rows.nth(6).textContent()).toContain("800 ms");
  });

  it("moves by j and k, folds by arrows, opens by enter, closes by escape", async () => {
    const detail = page.getByTestId("observation-detail");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("ArrowLeft");
    await page.getByTestId("observation-row").nth(2).waitFor({ state: "detached" });
    expect(await levels(page)).toEqual([
      ["request", 1],
      ["agent", 2],
    ]);
    await page.keyboard.press("ArrowRight");
    await page.getByTestId("observation-row").nth(6).waitFor();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await detail.getByRole("heading", { name: "answer" }).waitFor();
    expect(new URL(page.url()).searchParams.get("observation")).toBe("answer");

    await page.keyboard.press("k");
    await detail.getByRole("heading", { name: "search" }).waitFor();
    expect(new URL(page.url()).searchParams.get("observation")).toBe("search-2");

    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("");
    await page.keyboard.press("Escape");
    await page.waitForURL(`${studio.url}/sessions/session-1`);
  });

  it("filters by name after a slash, keeping the steps above", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("SEAR");
    await page.getByTestId("observation-row").nth(4).waitFor({ state: "detached" });
    expect(await levels(page)).toEqual([
      ["request", 1],
      ["agent", 2],
      ["search-1", 3],
      ["search-2", 3],
    ]);
    await page.keyboard.press("Escape");
    await page.getByTestId("observation-row").nth(6).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("nothing of the kind");
    await page.getByText("No step has “nothing of the kind” in its name").waitFor();
  });

  it("keeps view and selection in the address", async () => {
    await page.getByRole("button", { name: "Waterfall" }).click();
    await page.locator('[data-observation-id="search-2"]').click();
    await page.getByTestId("stack").waitFor();
    expect(new URL(page.url()).search).toBe("?view=waterfall&observation=search-2");
    await page.reload();
    await page.getByTestId("stack").waitFor();
    const row = page.locator('[data-observation-id="search-2"]');
    expect(await row.getAttribute("aria-selected")).toBe("true");
    expect(await page.getByRole("button", { name: "Waterfall" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
  });

  it("stands each step of the waterfall against the time it took", async () => {
    await page.getByRole("button", { name: "Waterfall" }).click();
    const track = await page.locator(".step-track").first().boundingBox();
    const bar = await page.locator('[data-observation-id="plan-2"] .step-track .bar').boundingBox();
    const [trackX, trackWidth] = [track?.x ?? 0, track?.width ?? 0];
    const share = (x: number): number => ((x - trackX) / trackWidth) * 4_000;
    expect(Math.abs(share(bar?.x ?? 0) - 1_450)).toBeLessThan(40);
    expect(Math.abs(share((bar?.x ?? 0) + (bar?.width ?? 0)) - 2_200)).toBeLessThan(40);
    expect(await page.getByTestId("time-axis").locator("span").allTextContents()).toEqual([
      "0 ms",
      "1 s",
      "2 s",
      "3 s",
      "4 s",
    ]);
  });

  it("draws the graph of the steps, and selects the runs of a step by clicks", async () => {
    await page.getByRole("button", { name: "Graph" }).click();
    const nodes = page.getByTestId("graph-node");
    await nodes.nth(3).waitFor();
    expect(await nodes.allTextContents()).toEqual([
      "agent support-agent 3.85 s",
      "generation plan ×2 runs 1.55 s",
      "tool search ×2 runs 1 error 800 ms",
      "generation answer 800 ms",
    ]);
    expect(await page.getByRole("button", { name: "tool search ×2 runs 1 error" }).count()).toBe(1);
    expect(await page.getByTestId("graph-edge").count()).toBe(4);

    await nodes.nth(2).click();
    await page.waitForURL((url) => url.searchParams.get("observation") === "search-1");
    if (view === NARROW) {
      await page.keyboard.press("Escape"); // the details cover the graph
      await page.getByTestId("observation-detail").waitFor({ state: "detached" });
      await page.goto(`${studio.url}${TRACE_PATH}?view=graph&observation=search-2`);
    } else {
      await nodes.nth(2).click();
    }
    await page.getByTestId("stack").waitFor();
    expect(new URL(page.url()).search).toBe("?view=graph&observation=search-2");
    expect(await nodes.nth(2).getAttribute("aria-pressed")).toBe("true");
  });

  it("moves and zooms the graph by wheel and keyboard, and fits it again", async () => {
    const viewpoint = (): Promise<string | null> =>
      page.getByTestId("graph-viewpoint").getAttribute("transform");
    const fitted = await viewpointOfFirstFrame(page, () =>
      page.getByRole("button", { name: "Graph" }).click(),
    );
    await page.getByTestId("graph-node").nth(3).waitFor();
    const changes = async (act: () => Promise<void>): Promise<string | null> => {
      const before = await viewpoint();
      await act();
      await expect.poll(viewpoint).not.toBe(before);
      return viewpoint();
    };
    await page.locator(".graph-frame").hover({ position: { x: 20, y: 20 } });
    expect(scaleOf(await changes(() => page.mouse.wheel(0, -200)))).toBeGreaterThan(
      scaleOf(fitted),
    );
    await page.locator(".graph-frame").focus();
    await changes(() => page.keyboard.press("ArrowRight"));
    const before = scaleOf(await viewpoint());
    expect(scaleOf(await changes(() => page.keyboard.press("-")))).toBeLessThan(before);
    expect(await changes(() => page.keyboard.press("0"))).toBe(fitted);
  });

  it("shows all of an observation: figures, chat, usage, cost, parameters, metadata", async () => {
    await page.locator('[data-observation-id="answer"]').click();
    const detail = page.getByTestId("observation-detail");
    await detail.getByTestId("detail-input").waitFor();
    const figures = await detail.locator("dl").first().textContent();
    for (const figure of ["Latency800 ms", "First token250 ms", "Modelgpt-4o", "Cost$0.30"]) {
      expect(figures).toContain(figure);
    }
    expect(await detail.getByTestId("usage").locator("tr").allTextContents()).toEqual([
      "CountedUnitsCost in USD",
      "input200$0.10",
      "input_cached120",
      "output40$0.20",
      "total360$0.30",
    ]);
    expect(await detail.textContent()).toMatch(/temperature.*0\.2/);
    expect(await detail.textContent()).toMatch(/attempt.*first/);
    expect(await detail.getByTestId("detail-output").textContent()).toContain("On its way.");
  });

  it("shows input and output as chat, tree or raw text, and remembers each choice", async () => {
    await page.locator('[data-observation-id="answer"]').click();
    const input = page.getByTestId("detail-input");
    await input.getByText("System prompt").waitFor();
    await input.getByRole("button", { name: "Raw" }).click();
    expect(await input.locator("pre").textContent()).toBe(
      JSON.stringify(
        [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Where is my order?" },
        ],
        null,
        2,
      ),
    );
    await input.getByRole("button", { name: "Tree" }).click();
    await input.locator(".json-key", { hasText: "role" }).first().waitFor();
    await page.reload();
    await input.locator(".json-key", { hasText: "role" }).first().waitFor();
    const output = page.getByTestId("detail-output");
    expect(await output.getByRole("button", { name: "Chat" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
  });

  it("copies the observation, its input and its output", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = (): Promise<string> => page.evaluate("navigator.clipboard.readText()");
    await page.locator('[data-observation-id="answer"]').click();
    await page.getByRole("button", { name: "Copy the input" }).click();
    await expect.poll(copied).toContain("Be brief.");
    await page.getByRole("button", { name: "Copy the output" }).click();
    await expect
      .poll(copied)
      .toBe(JSON.stringify({ role: "assistant", content: "On its way." }, null, 2));
    await page.getByRole("button", { name: "Copy the observation as JSON" }).click();
    await expect.poll(copied).toContain('"id": "answer"');
    expect(JSON.parse(await copied())).toEqual(
      await studio.read<ObservationView>("/api/studio/observation?traceId=trace-1&id=answer"),
    );
  });

  it("shows an error with its stack, the cause folded", async () => {
    await page.locator('[data-observation-id="search-2"]').click();
    const stack = page.getByTestId("stack");
    await stack.waitFor();
    const [headline = "", frame = ""] = STACK.split("\n");
    expect(await stack.locator("pre").allTextContents()).toEqual([`${headline}\n${frame}`]);
    await stack.getByRole("button", { name: "Caused by: TypeError: fetch failed" }).click();
    expect(await stack.locator("pre").allTextContents()).toEqual([
      `${headline}\n${frame}`,
      STACK.split("\n").slice(2).join("\n"),
    ]);
  });

  it.each(["tree", "waterfall", "graph"])("has nothing axe-core objects to as %s", async (name) => {
    await settled();
    await page.goto(`${studio.url}${TRACE_PATH}?view=${name}`);
    await page.getByRole("button", { name: "Waterfall" }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await settled();
    await page.goto(`${studio.url}${TRACE_PATH}?view=${name}&observation=search-2`);
    await page.getByTestId("stack").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});

describe("a trace at 1440 px", () => {
  it("sums tokens and cost of what is below a step", async () => {
    const { page, close } = await openPage(browser, studio.url + TRACE_PATH, WIDE);
    const row = page.locator('[data-observation-id="agent"]');
    await row.waitFor();
    expect(await row.locator(".step-tokens").textContent()).toContain("570 tokens in, 90 out");
    expect(await row.locator(".step-cost").textContent()).toBe("in all Σ$0.33");
    expect(await page.locator('[data-observation-id="plan-1"] .step-cost').textContent()).toBe(
      "$0.0300",
    );
    await row.click();
    await page.getByText("Tokens with all below").waitFor();
    await close();
  });

  it("divides the room between steps and details by the handle, and remembers it", async () => {
    const { page, close } = await openPage(browser, studio.url + TRACE_PATH, WIDE);
    const handle = page.getByRole("separator", { name: "Width of the steps" });
    await handle.focus();
    const widthOf = async (): Promise<number> =>
      (await page.locator(".split-main").boundingBox())?.width ?? 0;
    const before = await widthOf();
    await page.keyboard.press("ArrowRight");
    await expect.poll(widthOf).toBeGreaterThan(before);
    const box = await handle.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 4, 400);
    await page.mouse.down();
    await page.mouse.move(600, 400);
    await page.mouse.up();
    expect(Math.abs((await widthOf()) - 600)).toBeLessThan(40);
    const dragged = await widthOf();
    await page.reload();
    await page.getByTestId("observation-row").first().waitFor();
    expect(await widthOf()).toBe(dragged);
    await close();
  });

  it("shows the trace's own input, output and metadata while no step is selected", async () => {
    const { page, close } = await openPage(browser, studio.url + TRACE_PATH, WIDE);
    const detail = page.getByTestId("trace-detail");
    await detail.getByText("Where is my order?").waitFor();
    expect(await detail.textContent()).toContain("On its way.");
    expect(await detail.textContent()).toMatch(/plan.*pro/);
    await close();
  });

  it("adds a step that arrives while the page is open, and keeps what is folded", async () => {
    const traceId = "growing";
    await sendSpans(studio.url, [
      { traceId, id: "a", startMs: 0, endMs: 100 },
      { traceId, id: "b", parentId: "a", startMs: 10, endMs: 50 },
    ]);
    const { page, complaints, close } = await openPage(
      browser,
      `${studio.url}/traces/${traceId}`,
      WIDE,
    );
    const rows = page.getByTestId("observation-row");
    await rows.nth(1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowLeft");
    await rows.nth(1).waitFor({ state: "detached" });
    await sendSpans(studio.url, [
      { traceId, id: "c", parentId: "a", startMs: 60, endMs: 70 },
      { traceId, id: "d", startMs: 200, endMs: 300 },
    ]);
    await rows.nth(1).waitFor();
    expect(await levels(page)).toEqual([
      ["a", 1],
      ["d", 1],
    ]);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe("a trace that is not as it should be", () => {
  it("keeps 10,000 observations smooth: few rows in the page, a frame in time while scrolling", async () => {
    const traceId = "ten-thousand";
    await sendSpans(studio.url, manySpans(traceId, 10_000));
    const { page, close } = await openPage(browser, `${studio.url}/traces/${traceId}`, WIDE);
    const rows = page.getByTestId("observation-row");
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(100);
    // The middle one: single frames may wait for other work of the machine.
    const medianFrameMs = await page.evaluate<number>(`new Promise((resolve) => {
      const scroller = document.querySelector(".step-scroll");
      let last = performance.now();
      const frames = [];
      const step = (now) => {
        frames.push(now - last);
        last = now;
        scroller.scrollTop += 900;
        if (frames.length < 121) requestAnimationFrame(step);
        else resolve(frames.sort((a, b) => a - b)[60]);
      };
      requestAnimationFrame(step);
    })`);
    expect(medianFrameMs).toBeLessThan(50);
    expect(await rows.count()).toBeLessThan(100);
    await page.keyboard.press("End");
    await page.locator('[data-observation-id="s9999"]').waitFor();
    await page.getByRole("searchbox", { name: "Filter the steps by name" }).fill("step 77 ");
    await page.getByText("100 of 10,000 steps").waitFor();
    await close();
  });

  it("opens 100,000 spans in each view and answers to keys there", {
    timeout: 180_000,
  }, async () => {
    const traceId = "hundred-thousand";
    await sendSpans(studio.url, manySpans(traceId, 100_000));
    const { page, close } = await openPage(browser, `${studio.url}/traces/${traceId}`, WIDE);
    await page.getByText("100,000 steps").waitFor({ timeout: 30_000 });
    await page.keyboard.press("End");
    await page.locator('[data-observation-id="s99999"]').waitFor();
    await page.getByRole("button", { name: "Waterfall" }).click();
    await page.locator('[data-observation-id="s99999"] .step-track .bar').waitFor();
    await page.getByRole("button", { name: "Graph" }).click();
    await page.getByTestId("graph-node").first().waitFor();
    await close();
  });

  it("shows every observation of cyclic parents once", async () => {
    const traceId = "cyclic";
    await sendSpans(studio.url, [
      { traceId, id: "a", parentId: "c", startMs: 0, endMs: 9 },
      { traceId, id: "b", parentId: "a", startMs: 1, endMs: 9 },
      { traceId, id: "c", parentId: "b", startMs: 2, endMs: 9 },
      { traceId, id: "self", parentId: "self", startMs: 3, endMs: 9 },
      { traceId, id: "orphan", parentId: "gone", startMs: 4, endMs: 9 },
    ]);
    for (const view of ["tree", "graph"]) {
      const { page, complaints, close } = await openPage(
        browser,
        `${studio.url}/traces/${traceId}?view=${view}`,
        WIDE,
      );
      if (view === "graph") {
        await page.getByTestId("graph-node").nth(4).waitFor();
      } else {
        await page.getByTestId("observation-row").nth(4).waitFor();
        expect(await levels(page)).toEqual([
          ["a", 1],
          ["b", 2],
          ["c", 3],
          ["self", 1],
          ["orphan", 1],
        ]);
      }
      expect(complaints).toEqual([]);
      await close();
    }
  });

  it("shows captured markup as text in each view and runs none of it", async () => {
    const traceId = "hostile";
    const markup = `<img src=x onerror="window.wasRun=1"><script>window.wasRun=1</script>`;
    await sendSpans(studio.url, [
      {
        traceId,
        id: markup,
        name: markup,
        startMs: 0,
        endMs: 9,
        stack: `${markup}: ${markup}\nCaused by: ${markup}`,
        attributes: {
          "langfuse.observation.type": "tool",
          "langfuse.observation.model.name": markup,
          "langfuse.observation.input": JSON.stringify({ [markup]: markup }),
          "langfuse.observation.output": markup,
          "langfuse.observation.usage_details": JSON.stringify({ [markup]: 1 }),
          "langfuse.trace.name": markup,
        },
      },
    ]);
    for (const view of ["tree", "waterfall", "graph"]) {
      const { page, complaints, close } = await openPage(
        browser,
        `${studio.url}/traces/${traceId}?view=${view}&observation=${encodeURIComponent(markup)}`,
        WIDE,
      );
      await page.getByTestId("stack").waitFor();
      await page.getByRole("button", { name: "Caused by" }).click();
      expect(await page.getByTestId("usage").textContent()).toContain(markup);
      expect(await page.getByTestId("detail-output").textContent()).toContain(markup);
      expect(
        await page.evaluate(
          "[window.wasRun, document.querySelectorAll('img, main script').length]",
        ),
      ).toEqual([undefined, 0]);
      expect(complaints).toEqual([]);
      await close();
    }
  });

  it("has room for steps of a clock that is an hour off", async () => {
    const traceId = "skewed";
    await sendSpans(studio.url, [
      { traceId, id: "root", startMs: 0, endMs: 1_000 },
      { traceId, id: "early", parentId: "root", startMs: -3_600_000, endMs: -3_599_000 },
    ]);
    const { page, complaints, close } = await openPage(
      browser,
      `${studio.url}/traces/${traceId}?view=waterfall`,
      WIDE,
    );
    await page.locator('[data-observation-id="early"] .step-track .bar').waitFor();
    const list = await page.getByTestId("steps").boundingBox();
    for (const bar of await page.locator(".step-track .bar").all()) {
      const box = await bar.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(list?.x ?? 0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(
        (list?.x ?? 0) + (list?.width ?? 0),
      );
    }
    expect(complaints).toEqual([]);
    await close();
  });

  it("says of an observation that is not there that it may still arrive, and shows it then", async () => {
    const traceId = "waiting";
    await sendSpans(studio.url, [{ traceId, id: "a", startMs: 0, endMs: 9 }]);
    const { page, close } = await openPage(
      browser,
      `${studio.url}/traces/${traceId}?observation=late`,
      WIDE,
    );
    await page.getByText("This trace has no observation with this id").waitFor();
    await sendSpans(studio.url, [{ traceId, id: "late", name: "Here now", startMs: 1, endMs: 2 }]);
    await page.getByRole("heading", { name: "Here now" }).waitFor();
    await close();
  });
});

/** Groups of 100 below one root; every 100th has the same name. */
function manySpans(traceId: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    traceId,
    id: `s${index}`,
    ...(index > 0 && { parentId: index % 100 === 0 ? "s0" : `s${index - (index % 100)}` }),
    name: `step ${index % 100} `,
    startMs: index,
    endMs: index + 5,
    attributes: { "langfuse.observation.type": index % 3 === 0 ? "tool" : "generation" },
  }));
}

/** Ids and levels of the rows in sight, from the top. */
async function levels(page: Page): Promise<[string, number][]> {
  const rows = await page.getByTestId("observation-row").all();
  const found: [string, number][] = [];
  for (const row of rows) {
    found.push([
      (await row.getAttribute("data-observation-id")) ?? "",
      Number(await row.getAttribute("aria-level")),
    ]);
  }
  return found;
}

/** Where the graph stands in the first frame that it is drawn in. */
async function viewpointOfFirstFrame(page: Page, open: () => Promise<void>): Promise<string> {
  const first = page.evaluate<string>(`new Promise((resolve) => {
    const look = () => {
      const graph = document.querySelector("[data-testid=graph-viewpoint]");
      if (graph === null) requestAnimationFrame(look);
      else resolve(graph.getAttribute("transform"));
    };
    requestAnimationFrame(look);
  })`);
  const [transform] = await Promise.all([first, open()]);
  return transform;
}

function scaleOf(transform: string | null): number {
  return Number(/scale\((.+)\)/.exec(transform ?? "")?.[1]);
}
