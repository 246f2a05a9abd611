import type { SessionFigures } from "../api/detail-types";
import type { SessionOutline, Turn } from "../api/types";

/** What an exported page holds in place of a studio to ask: a session as the API answers for it. */
export interface EmbeddedSession {
  readonly outline: SessionOutline;
  readonly figures: SessionFigures;
  /** With their contents, by start time. */
  readonly turns: readonly Turn[];
  /** Data URIs, by the id of the file. */
  readonly media: Readonly<Record<string, string>>;
}

/** Of the element that holds it, as JSON. */
export const EMBEDDED_SESSION_ID = "embedded-session";
