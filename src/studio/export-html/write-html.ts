import { createHash } from "node:crypto";
import { INLINE_MEDIA_TYPES } from "../api/media-types";
import { sessionFigures } from "../api/session-figures";
import { sessionOutline } from "../api/session-outline";
import { turnOf } from "../api/studio-views";
import type { Store } from "../store/store";
import { EMBEDDED_SESSION_ID, type EmbeddedSession } from "./embedded-session";

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
  page: BuiltPage,
): Iterable<string> | undefined {
  const outline = sessionOutline(sessionId, store);
  return outline === undefined ? undefined : pieces(outline, store, page);
}

function* pieces(
  outline: EmbeddedSession["outline"],
  store: Store,
  page: BuiltPage,
): Generator<string, void> {
  // Within a string, a template or an expression of a script the backslash changes nothing.
  const script = page.script.replace(/<(?=\/script|!--)/gi, "<\\");
  const style = page.style.replace(/<(?=\/style)/gi, "<\\");
  yield headOf(script, style);
  yield `{"outline":${jsonText(outline)},\n`;
  yield `"figures":${jsonText(sessionFigures(outline.session.id, store))},\n"turns":[`;
  yield* listed(outline.turns, ({ traceId }) => {
    const trace = store.getTrace(traceId);
    return trace === undefined ? undefined : jsonText(turnOf(trace, store)); // deleted since
  });
  yield `],\n"media":{`;
  yield* listed(store.archive.mediaOf(outline.session.id), ({ id }) => mediaEntry(id, store));
  yield `}}</script>
    <script type="module">${script}</script>
  </body>
</html>
`;
}

function* listed<Item>(
  items: readonly Item[],
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
