import { createHash } from "node:crypto";
import type { RedactPreset } from "../../config/redact-rules";
import { INLINE_MEDIA_TYPES } from "../api/media-types";
import type { Store } from "../store/store";
import { EMBEDDED_SESSION_ID } from "./embedded-session";
import { type EmbeddedViews, embeddedViews } from "./embedded-views";

/** The page as it is built. */
export interface BuiltPage {
  readonly script: string;
  readonly style: string;
}

/**
 * One HTML file that plays a session back from wherever it lies: the studio's page with the session
 * in it. It asks nothing of the network, and its policy lets nothing in it do so: what runs and what
 * styles are the two texts whose hashes it names, whatever was captured.
 * @returns the file in pieces, with one turn in memory at a time; undefined when nothing carries the id
 */
export function writeHtml(
  sessionId: string,
  store: Store,
  { page, redact }: { readonly page: BuiltPage; readonly redact: readonly RedactPreset[] },
): Iterable<string> | undefined {
  const views = embeddedViews(sessionId, store, redact);
  if (views === undefined) return undefined;
  const media = store.archive.mediaOf(sessionId).map(({ id }) => id);
  return pieces(views, media, store, page);
}

function* pieces(
  { outline, figures, turns }: EmbeddedViews,
  mediaIds: readonly string[],
  store: Store,
  page: BuiltPage,
): Generator<string, void> {
  // Within a string, a template or an expression of a script the backslash changes nothing.
  const script = page.script.replace(/<(?=\/script|!--)/gi, "<\\");
  const style = page.style.replace(/<(?=\/style)/gi, "<\\");
  yield headOf(script, style);
  yield `{"outline":${jsonText(outline)},\n`;
  yield `"figures":${jsonText(figures)},\n"turns":[`;
  yield* listed(turns(), jsonText);
  yield `],\n"media":{`;
  yield* listed(mediaIds, (id) => mediaEntry(id, store));
  yield `}}</script>
    <script type="module">${script}</script>
  </body>
</html>
`;
}

function* listed<Item>(
  items: Iterable<Item>,
  textOf: (item: Item) => string | undefined,
): Generator<string, void> {
  let separator = "";
  for (const item of items) {
    const text = textOf(item);
    if (text === undefined) continue;
    yield `${separator}\n${text}`;
    separator = ",";
  }
}

function headOf(script: string, style: string): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "media-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <title>Session · playhead</title>
    <style>${style}</style>
  </head>
  <body>
    <div id="app"><noscript>This file plays a session back by a script, which is switched off here.</noscript></div>
    <script type="application/json" id="${EMBEDDED_SESSION_ID}">`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** JSON that ends no element, whatever stands in it. */
function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** What the page would not show is only offered for download, as nothing that runs. */
function mediaEntry(id: string, store: Store): string | undefined {
  const record = store.media.get(id);
  const content = store.media.contentOf(id);
  if (record === undefined || content === undefined) return undefined;
  const isShown = INLINE_MEDIA_TYPES.has(record.contentType);
  const type = isShown ? record.contentType : "application/octet-stream";
  const base64 = Buffer.from(content).toString("base64");
  return `${jsonText(id)}:${jsonText(`data:${type};base64,${base64}`)}`;
}
