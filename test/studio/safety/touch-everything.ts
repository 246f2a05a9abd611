import type { Page } from "playwright-core";

/** Where code of the content would come in, had it become markup. */
export const MARKUP = `[...document.querySelectorAll(
  "#app script, #app iframe, #app object, #app embed, #app style, #app base, #app meta, #app form, #app use, " +
  "#app [onerror], #app [onload], #app [srcdoc], #app [href^='javascript:'], #app [href^='data:text']"
)].map((element) => element.outerHTML.slice(0, 200))`;

export interface Touched {
  /** Names of what was pressed, as a screen reader says them. */
  readonly names: readonly string[];
  /** See {@link MARKUP}; of what showed at any time. */
  readonly markup: readonly string[];
}

/** Of a kind, which its class tells, so many are pressed: of what there is one for each row. */
const FEW = 3;
/** Kinds that the page itself names, whatever was captured: each does something else. */
const MANY: Readonly<Record<string, number>> = {
  button: 14,
  checkbox: 12,
  "chip-button": 16,
  copy: 20,
  "head-button": 16,
  "icon-button": 8,
  "player-button": 8,
  "player-switch": 8,
  radio: 8,
  segment: 16,
  tab: 8,
};
const MAX_PRESSES = 160;

/**
 * Presses what can be pressed and does not lead away, ticks, types and chooses, first in what has just opened; then tells
 * all that shows what the browser would.
 * @param text - typed into every field
 */
export function touchEverything(page: Page, text = "1"): Promise<Touched> {
  return page.evaluate<Touched>(`(async () => {
    const [limits, text] = [${JSON.stringify(MANY)}, ${JSON.stringify(text)}];
    const [touched, known, counts] = [new WeakSet(), new WeakSet(), new Map()];
    const [names, markup] = [new Set(), new Set()];
    const selector = "button, select, input, textarea, summary, [role=button], [role=tab], [role=treeitem]";
    const isLeaving = (element) => element.matches("[data-testid=sign-out], .compare-button");
    const isShown = (element) => !element.disabled && !isLeaving(element) && element.getClientRects().length > 0;
    const kindOf = (element) => element.classList[0] ?? element.type ?? element.tagName;
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    // The stream of changes is read for as long as the page is there.
    let readCount = 0;
    const askStudio = window.fetch;
    window.fetch = async (...request) => {
      const isEndless = String(request[0]).endsWith("/events");
      if (!isEndless) readCount += 1;
      try {
        const response = await askStudio(...request);
        if (!isEndless) await response.clone().text();
        return response;
      } finally {
        if (!isEndless) readCount -= 1;
      }
    };
    const isReading = () => readCount > 0 || document.querySelector("#app .loading, #app .skeleton, #app [aria-busy=true]") !== null ||
      [...document.querySelectorAll("#app .menu-note")].some((note) => note.textContent === "Loading…");
    // What shows that something is being read from the studio goes away in time.
    const settle = async () => {
      const deadline = performance.now() + 5_000;
      do await frame();
      while (isReading() && performance.now() < deadline);
      for (const html of ${MARKUP}) markup.add(html);
    };
    const touch = (element) => {
      const types = { number: "1", date: "2025-11-22", "datetime-local": "2025-11-22T10:20" };
      const isTyped = element.tagName === "TEXTAREA" || element.tagName === "INPUT" && !["checkbox", "radio", "range"].includes(element.type);
      if (element.type === "file") {
        const chosen = new DataTransfer();
        chosen.items.add(new File([text], text + ".json"));
        element.files = chosen.files;
      } else if (isTyped) element.value = types[element.type] ?? text;
      else if (element.tagName === "SELECT") element.selectedIndex = element.options.length - 1;
      else if (element.type === "range") element.value = element.max;
      else return element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true }));
    };
    await settle();
    for (let count = 0; count < ${MAX_PRESSES}; count += 1) {
      const open = [...document.querySelectorAll("#app " + selector.replaceAll(", ", ", #app "))].filter(
        (element) => !touched.has(element) &&
          (counts.get(kindOf(element)) ?? 0) < (limits[kindOf(element)] ?? ${FEW}) && isShown(element),
      );
      const isClosing = (element) => /^(Close|Stay)/.test(element.ariaLabel ?? element.textContent);
      const next = open.find((element) => !known.has(element) && !isClosing(element)) ??
        // A field before the views beside it: not each view has one.
        open.find(({ type }) => type === "search") ?? open.find((element) => !isClosing(element)) ?? open[0];
      if (next === undefined) break;
      for (const element of open) if (count === 0 || element === next) known.add(element);
      touched.add(next);
      counts.set(kindOf(next), (counts.get(kindOf(next)) ?? 0) + 1);
      names.add(next.ariaLabel ?? next.labels?.[0]?.textContent ?? next.textContent.slice(0, 80));
      touch(next);
      await settle();
      if (next.type !== "search") continue;
      next.value = ""; // or little is left to touch
      next.dispatchEvent(new Event("input", { bubbles: true }));
      await settle();
    }
    for (const element of document.body.querySelectorAll("*")) {
      for (const type of ["mouseover", "mouseenter", "focus", "error", "load"]) {
        element.dispatchEvent(new Event(type));
      }
    }
    await settle();
    return { names: [...names], markup: [...markup] };
  })()`);
}
