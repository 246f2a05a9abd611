import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { createListBench, PATIENCE } from "../page/list/list-page";
import { OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { publish } from "./publish";

const bench = createListBench();

async function sendTurn(): Promise<void> {
  const attributes = { "session.id": "chat", "langfuse.observation.input": "Hello" };
  expect((await post(bench.studio, OTLP_PATH, otlpJson({ attributes }))).status).toBe(200);
}

const dialogOf = (page: Page) => page.getByTestId("publish-dialog");

it("says that it is reading, or why it cannot, before it says that nothing is published", async () => {
  await sendTurn();
  await publish(bench.studio, { sessionId: "chat" });
  const { page } = await bench.open("/sessions");
  const held: (() => Promise<void>)[] = [];
  await page.route("**/api/studio/publications?*", (route) => {
    held.push(() => route.abort());
  });
  await page.locator('[data-session-id="chat"]').getByRole("link").first().click();
  await page.getByTestId("turn").first().waitFor();
  await page.keyboard.press("P");
  const dialog = dialogOf(page);
  await dialog.getByText("Reading what is published").waitFor();
  expect(await dialog.getByText("Nothing is published").count()).toBe(0);
  expect(held).toHaveLength(1);
  await held[0]?.();
  await page.unroute("**/api/studio/publications?*");
  await dialog
    .getByRole("alert")
    .getByText("cannot be read: The studio does not answer.")
    .waitFor();
  expect(await dialog.getByText("What you see may be old").count()).toBe(0);
  expect(await dialog.getByText("Nothing is published").count()).toBe(0);
  await dialog.getByRole("button", { name: "Try again" }).click();
  await dialog.getByTestId("publication").getByText("Open").waitFor();
  expect(await dialog.getByRole("alert").count()).toBe(0);
});

it("keeps what it has read where it cannot read it again, and says so", async () => {
  await sendTurn();
  await publish(bench.studio, { sessionId: "chat" });
  const { page } = await bench.open("/sessions/chat");
  await page.getByRole("button", { name: "Published" }).click();
  const dialog = dialogOf(page);
  await dialog.getByTestId("publication").waitFor();
  await page.route("**/api/studio/publications?*", (route) => route.abort());
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await dialog.getByText("The studio does not answer. What you see may be old.").waitFor();
  expect(await dialog.getByRole("button", { name: "Revoke" }).count()).toBe(1);
  await page.unroute("**/api/studio/publications?*");
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => dialog.getByTestId("publication").count(), PATIENCE).toBe(2);
});

it("lists all that was published, and says that it is while the oldest of many is open", async () => {
  await sendTurn();
  const first = await publish(bench.studio, { sessionId: "chat", name: "Oldest" });
  const later = await Promise.all(
    Array.from({ length: 121 }, () => publish(bench.studio, { sessionId: "chat" })),
  );
  for (const { publication } of later) {
    const path = `${bench.studio.url}/api/studio/publications/${publication.id}`;
    await fetch(path, { method: "DELETE" });
  }
  const { page, complaints } = await bench.open("/sessions/chat");
  await page.getByRole("button", { name: "Published" }).click();
  const rows = dialogOf(page).getByTestId("publication");
  await expect.poll(() => rows.count(), PATIENCE).toBe(122);
  const oldest = rows.filter({ hasText: "Oldest" });
  await oldest.getByRole("button", { name: "Revoke" }).click();
  await oldest.getByText("Revoked").waitFor();
  const reader = (await bench.open(first.path)).page;
  await reader.getByRole("heading", { name: "Nothing here" }).waitFor();
  expect(complaints).toEqual([]);
});

it("says of an address that it has expired as soon as it has", async () => {
  await sendTurn();
  const { page } = await bench.open("/sessions/chat");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const expiresAt = new Date(Date.now() + 8_000).toISOString();
  await publish(bench.studio, { sessionId: "chat", expiresAt });
  const row = dialogOf(page).getByTestId("publication");
  await row.getByText("Open").waitFor();
  await row.getByText("Expired").waitFor();
  const revoke = row.getByRole("button", { name: "Revoke" });
  await expect.poll(() => revoke.count(), PATIENCE).toBe(0);
  await dialogOf(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Publish", exact: true }).waitFor();
});

it("can revoke what has expired by the reader's clock alone", async () => {
  await sendTurn();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { path } = await publish(bench.studio, { sessionId: "chat", expiresAt });
  const { page } = await bench.open("/");
  await page.clock.install();
  await page.goto(`${bench.studio.url}/sessions/chat`);
  await page.getByRole("button", { name: "Published" }).click();
  const row = dialogOf(page).getByTestId("publication");
  await row.getByText("Open").waitFor();
  await page.clock.pauseAt(Date.parse(expiresAt) - 1_000);
  await row.getByText("Open").waitFor();
  const again = page.waitForResponse("**/api/studio/publications?*");
  await page.clock.resume();
  await row.getByText("Expired").waitFor();
  await again; // the studio is asked, and says that it is open
  await row.getByRole("button", { name: "Revoke" }).click();
  await row.getByText("Revoked").waitFor();
  await dialogOf(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Publish", exact: true }).waitFor();
  const reader = (await bench.open(path)).page;
  await reader.getByRole("heading", { name: "Nothing here" }).waitFor();
});

it("lists each address once where one is published while the list is read", async () => {
  await sendTurn();
  await publish(bench.studio, { sessionId: "chat", name: "Oldest" });
  for (let index = 0; index < 100; index += 1) await publish(bench.studio, { sessionId: "chat" });
  const { page, complaints, settled } = await bench.open("/models");
  await settled();
  // The live stream would have the list read once more.
  await page.route("**/api/studio/events", (route) => route.fulfill({ status: 503 }));
  await page.route(
    "**/api/studio/publications?*page=2",
    async (route) => {
      await publish(bench.studio, { sessionId: "chat" });
      await route.continue();
    },
    { times: 1 },
  );
  await page.goto(`${bench.studio.url}/sessions/chat`);
  await page.getByRole("button", { name: "Published" }).click();
  const rows = dialogOf(page).getByTestId("publication");
  await rows.filter({ hasText: "Oldest" }).waitFor();
  expect(await rows.count()).toBe(101);
  expect(complaints.filter((complaint) => !complaint.includes("503"))).toEqual([]);
});
