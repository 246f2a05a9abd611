import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { expect } from "vitest";

export interface StudioPage {
  readonly page: Page;
  /**
   * What should not have happened: errors in the console, refusals by the content security policy,
   * requests that failed and were not given up, requests to anywhere but the studio.
   */
  readonly complaints: readonly string[];
  /** Waits until all has come that the page as it is shown asks for. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
}

/** Opens an address of the studio in a fresh browser profile, and listens to what goes wrong there. */
export async function openPage(browser: Browser, url: string, view: View): Promise<StudioPage> {
  const { width, height, colorScheme } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints = listen(context, page, new URL(url).origin);
  const underWay = watchRequests(context);
  await page.goto(url);
  const settled = async (): Promise<void> => {
    // What has just been drawn asks for its content after the frame.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
    await expect.poll(() => underWay.size, { timeout: 10_000 }).toBe(0);
  };
  return { page, complaints, settled, close: () => context.close() };
}

/** What was asked for and has not come to its end; the stream of changes has none. */
function watchRequests(context: BrowserContext): ReadonlySet<Request> {
  const underWay = new Set<Request>();
  context.on("request", (request) => {
    if (!request.url().endsWith("/api/studio/events")) underWay.add(request);
  });
  context.on("requestfinished", (request) => underWay.delete(request));
  context.on("requestfailed", (request) => underWay.delete(request));
  return underWay;
}

function listen(context: BrowserContext, page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complaints.push(`console: ${message.text()}`); // a refusal by the policy is an error here
    }
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin) complaints.push(`request to ${url.origin}`);
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // The page gives up what it reads for a step or a view that is left; nothing that it writes.
    const isRead = request.method() === "GET";
    // Counts as broken off though it was read to its end.
    const isHandover = request.url().endsWith("/api/studio/handover");
    if ((isRead || isHandover) && reason === "net::ERR_ABORTED") return;
    complaints.push(`failed: ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}
