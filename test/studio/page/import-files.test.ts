import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { Page, Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { View } from "../../e2e/support/studio-page";
import { accessibilityViolations } from "../../support/accessibility";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { hashOf, writeLargeFile, writeNumerousFile } from "../session-file/large-file";
import { createListBench, expectRows, NARROW, PATIENCE, rowOf, WIDE } from "./list/list-page";

const bench = createListBench();

interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

function chosen(name: string, text: string): ChosenFile {
  return { name, mimeType: "application/json", buffer: Buffer.from(text) };
}

/** Sessions of one turn each, as another studio exports them; their files are called as they are. */
async function exported(...ids: readonly string[]): Promise<readonly ChosenFile[]> {
  const studio = await openStudio();
  const spans = ids.map((id, index) => ({
    traceId: `trace-${index}-${id}`,
    attributes: { "session.id": id, "langfuse.observation.input": `Hello ${id}` },
  }));
  expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
  const texts = ids.map(async (id) => {
    const path = `/api/studio/session-export?id=${encodeURIComponent(id)}`;
    return chosen(`${id}.json`, (await get(studio, path)).text);
  });
  return Promise.all(texts);
}

const barOf = (page: Page) => page.getByTestId("import-outcome");
const linesOf = (page: Page) => barOf(page).getByRole("listitem");

describe("importing files into an empty studio", () => {
  it("tries every file, and says of each what came of it, wherever the page went", async () => {
    const [one, two] = await exported("one", "two");
    const { page } = await bench.open("/");
    await page.getByTestId("setup-guide").waitFor();
    const files = [one, chosen("bad.json", "{}"), chosen("empty.json", ""), two];
    await page.getByTestId("import").setInputFiles(files as ChosenFile[]);
    await barOf(page).getByText("2 of 4 files imported").waitFor();
    await expectRows(page, "two", "one");
    expect(await linesOf(page).allTextContents()).toEqual([
      "bad.json: Expected a session that was exported as JSON.",
      "empty.json: The file is empty.",
      "one.json: one, 1 turn",
      "two.json: two, 1 turn",
    ]);
    expect(await barOf(page).getAttribute("role")).toBe("alert");
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Traces" }).waitFor();
    expect(await linesOf(page).count()).toBe(4);
    await barOf(page).getByRole("link", { name: "two" }).click();
    await page.getByTestId("session-id").waitFor();
    expect(await linesOf(page).count()).toBe(4);
    await barOf(page).getByRole("button", { name: "Close" }).click();
    expect(await barOf(page).count()).toBe(0);
  });

  it("says so where all of them were imported", async () => {
    const { page, complaints } = await bench.open("/");
    await page.getByTestId("import").setInputFiles([...(await exported("one", "two", "three"))]);
    await barOf(page).getByText("3 files imported").waitFor();
    expect(await barOf(page).getAttribute("role")).toBe("status");
    await rowOf(page, "three").waitFor();
    expect(await linesOf(page).count()).toBe(3);
    expect(complaints).toEqual([]);
  });
});

it("takes files that are chosen while others are imported, one after the other", async () => {
  const [one, two] = await exported("one", "two");
  const { page } = await bench.open("/");
  const held: (() => Promise<void>)[] = [];
  await page.route("**/api/studio/import", (route) => {
    held.push(() => route.continue());
  });
  const input = page.getByTestId("import");
  await input.setInputFiles([one as ChosenFile]);
  await barOf(page).getByText("Importing one.json").waitFor();
  await input.setInputFiles([two as ChosenFile]);
  await barOf(page).getByText("1 of 2").waitFor();
  expect(held).toHaveLength(1);
  await held[0]?.();
  await barOf(page).getByText("2 of 2").waitFor();
  await held[1]?.();
  await barOf(page).getByText("2 files imported").waitFor();
  expect(held).toHaveLength(2);
});

/** Answers to imports wait from now on; gives what lets the next go, as it came or changed. */
async function holdImports(page: Page): Promise<(status?: number) => Promise<void>> {
  const held: Route[] = [];
  await page.route("**/api/studio/import", (route) => void held.push(route));
  return async (status) => {
    await expect.poll(() => held.length, PATIENCE).toBe(1);
    const [route] = held.splice(0);
    await (status === undefined ? route?.continue() : route?.fulfill({ status, body: "{}" }));
  };
}

it("has the browser ask before the page is left while files are imported, and not after", async () => {
  const [one] = await exported("one");
  const { page, complaints } = await bench.open("/");
  const letGo = await holdImports(page);
  await page.getByTestId("import").setInputFiles([one as ChosenFile]);
  await barOf(page).getByText("Importing one.json").waitFor();
  await page.keyboard.press("j"); // browsers ask whoever has done something on the page
  const asked = page.waitForEvent("dialog");
  await page.evaluate("setTimeout(() => location.reload())");
  expect((await asked).type()).toBe("beforeunload");
  await letGo();
  await barOf(page).getByText("Imported one, 1 turn").waitFor();
  await page.reload();
  await rowOf(page, "one").waitFor();
  expect(await barOf(page).count()).toBe(0);
  expect(complaints).toEqual(["dialog: "]); // refused by the bench
});

it("says of each file that the sign-in has ended, and asks for it after them", async () => {
  const files = await exported("one", "two");
  const { page } = await bench.open("/");
  await page.route("**/sign-in?*", (route) => route.fulfill({ body: "Sign in" }));
  const letGo = await holdImports(page);
  let endSignIn = (): void => {};
  const ended = new Promise<void>((resolve) => {
    endSignIn = resolve;
  });
  await page.route("**/api/studio/events", async (route) => {
    await ended;
    await route.fulfill({ status: 401, body: "{}" });
  });
  await page.reload();
  await page.getByTestId("import").setInputFiles([...files]);
  await barOf(page).getByText("1 of 2").waitFor();
  endSignIn();
  await page.locator('[data-testid="live-state"][data-state="lost"]').waitFor();
  await letGo(401);
  await barOf(page).getByText("2 of 2").waitFor();
  await letGo(401);
  await barOf(page).getByText("0 of 2 files imported").waitFor();
  const text = "The sign-in has ended. Sign in again, then repeat this.";
  expect(await linesOf(page).allTextContents()).toEqual([`one.json: ${text}`, `two.json: ${text}`]);
  await (await page.waitForResponse("**/api/studio/events")).finished(); // asked again: it stays
  expect(new URL(page.url()).pathname).toBe("/");
  await page.route("**/api/studio/models", (route) => route.fulfill({ status: 401, body: "{}" }));
  await page.keyboard.press("m");
  await page.waitForURL("**/sign-in?asked=1&next=%2Fmodels");
});

it("imports a session under the same id once more without doubling anything", async () => {
  const [one] = await exported("one");
  const { page } = await bench.open("/");
  for (const count of [1, 2]) {
    await page.getByTestId("import").setInputFiles([one, one].slice(0, count) as ChosenFile[]);
    await barOf(page)
      .getByText(count === 1 ? "Imported one, 1 turn" : "2 files imported")
      .waitFor();
  }
  const again = await get(bench.studio, "/api/studio/session-export?id=one");
  expect(again.text).toBe(one?.buffer.toString());
});

it.each([
  ["whose files are too large for one request", writeLargeFile, "1 turn"],
  ["with too many numbers for one request", writeNumerousFile, "18 turns"],
])(
  "imports a session %s",
  async (_, write, turns) => {
    const large = await write();
    const { page, complaints } = await bench.open("/");
    await page.getByTestId("import").setInputFiles(large);
    await page.getByText(`Imported large, ${turns}`).waitFor({ timeout: 60_000 });
    const again = await fetch(`${bench.studio.url}/api/studio/session-export?id=large`);
    const bytes = new Uint8Array(await again.arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(await hashOf(large));
    expect(complaints).toEqual([]);
  },
  120_000,
);

it("shows names of files and sessions as the texts they are", async () => {
  const id = `<b>"'&\u202Eevil ${"long".repeat(40)}`;
  const [file] = await exported(id);
  const { page, complaints } = await bench.open("/", NARROW);
  const name = `\u202E<img src=x>%2F ${"n".repeat(120)}.json`;
  const files = [{ ...file, name }, chosen(name, "")] as ChosenFile[];
  await page.getByTestId("import").setInputFiles(files);
  await barOf(page).getByText("1 of 2 files imported").waitFor();
  expect(await linesOf(page).allTextContents()).toEqual([
    `${name}: The file is empty.`,
    `${name}: ${id.slice(0, 80)}, 1 turn`,
  ]);
  expect(await barOf(page).locator("img, b").count()).toBe(0);
  const width = "document.documentElement.scrollWidth";
  expect(await page.evaluate(width)).toBe(NARROW.width);
  await barOf(page).getByRole("link").click();
  await page.getByTestId("session-id").waitFor();
  expect(complaints).toEqual([]);
});

it.each<View>([
  WIDE,
  { ...WIDE, colorScheme: "dark" },
  NARROW,
  { ...NARROW, colorScheme: "light" },
])("tells the outcome accessibly, $width pixels wide, $colorScheme", async (view) => {
  const { page } = await bench.open("/", view);
  const files = [...(await exported("one", "two")), chosen("bad.json", "no")];
  await page.getByTestId("import").setInputFiles(files);
  await barOf(page).getByText("2 of 3 files imported").waitFor();
  await rowOf(page, "two").waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  const shots = process.env["PLAYHEAD_SHOTS"];
  if (shots) {
    const path = `${shots}/imported-${view.width}-${view.colorScheme}.png`;
    await writeFile(path, await page.screenshot());
  }
});
