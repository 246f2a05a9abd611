import type { Browser, BrowserContext, Page } from "playwright-core";

export interface StudioPage {
  readonly page: Page;
  /**
   * What should not have happened: errors in the console, refusals by the content security policy,
   * requests that failed, requests to anywhere but the studio.
   */
  readonly complaints: readonly string[];
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
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
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
    // Streams: one ends with the page, the other counts as broken off though it was read to its end.
    const isStream = /\/api\/studio\/(events|handover)$/.test(request.url());
    const reason = request.failure()?.errorText ?? "";
    if (isStream && reason === "net::ERR_ABORTED") return;
    complaints.push(`failed: ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}
