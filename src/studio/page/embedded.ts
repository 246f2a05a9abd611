import { mediaContentPath } from "../api/media-types";
import type { TurnList } from "../api/types";
import { EMBEDDED_SESSION_ID, type EmbeddedSession } from "../export-html/embedded-session";

let session: EmbeddedSession | null = null;
/** Data URIs by the address that the studio has for them. */
let media: ReadonlyMap<string, string> = new Map();

/** Reads the session that an exported page holds, if this is one. To be called before the first render. */
export function startEmbedded(): void {
  const text = document.getElementById(EMBEDDED_SESSION_ID)?.textContent;
  if (text == null) return;
  session = JSON.parse(text) as EmbeddedSession; // written by the studio together with this page
  media = new Map(Object.entries(session.media).map(([id, uri]) => [mediaContentPath(id), uri]));
}

/** Whether this page was exported: it shows one session, and there is no studio to ask. */
export function isEmbedded(): boolean {
  return session !== null;
}

/** The id of the session that the page holds; empty in a studio's page. */
export function embeddedSessionId(): string {
  return session?.outline.session.id ?? "";
}

/** What the studio would answer at an address of its API; undefined for what the page does not hold. */
export function embeddedAnswer(path: string): unknown {
  if (session === null) return undefined;
  const [name, query] = path.split("?");
  switch (name) {
    case "/api/studio/session-outline":
      return session.outline;
    case "/api/studio/session-figures":
      return session.figures;
    case "/api/studio/turns": {
      const wanted = new Set(new URLSearchParams(query).getAll("id"));
      const data = session.turns.filter(({ traceId }) => wanted.has(traceId));
      return { data, left: [] } satisfies TurnList;
    }
    default:
      return undefined;
  }
}

/** Where a picture, recording or file is. */
export function mediaUrl(url: string): string {
  return media.get(url) ?? url;
}
