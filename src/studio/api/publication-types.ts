/**
 * What the studio's own API answers about published sessions. What is read at the public address
 * itself has the shapes of `types.ts` and `detail-types.ts`. Units and forms are those of `types.ts`.
 */

import type { RedactPreset } from "../../config/redact-rules";

/** Who did something, as far as the studio can tell: it has no accounts. */
export interface Actor {
  /** As they call themselves; null where they did not say. */
  readonly name: string | null;
  /** How they were let in. `open`: on a studio that demands no keys. */
  readonly access: "signed-in" | "keys" | "open";
  /** Of the connection: that of the proxy where there is one. */
  readonly address: string | null;
}

/** That a session can be read by whoever has its public address, or could. */
export interface Publication {
  readonly id: string;
  readonly sessionId: string;
  readonly createdAt: string;
  readonly createdBy: Actor;
  /** Null: it does not expire. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: Actor | null;
  /** Applied to every text that leaves. */
  readonly redact: readonly RedactPreset[];
  /** Neither expired nor revoked. */
  readonly isOpen: boolean;
}

/** `GET /api/studio/publications?sessionId=…&limit=100&page=1`: newest first, also those that are not open any more. */
export interface PublicationList {
  readonly data: readonly Publication[];
  readonly totalCount: number;
}

/** `POST /api/studio/publications` takes this. */
export interface PublicationRequest {
  readonly sessionId: string;
  /** ISO 8601 with a zone, in the future. Null or absent: it does not expire. */
  readonly expiresAt?: string | null;
  /** @default nothing is redacted */
  readonly redact?: readonly RedactPreset[];
  /** Who publishes, as they call themselves: up to 100 characters. */
  readonly name?: string | null;
}

/** And answers with this, 201; 404 `{ message }` for no such session. */
export interface NewPublication {
  readonly publication: Publication;
  /**
   * Path of the public page on this studio. The token in it is told this once: the studio keeps a
   * hash of it.
   */
  readonly path: string;
}

/** `DELETE /api/studio/publications/{id}?name=…` gives the `Publication`; 404 `{ message }`. */
