import { expect } from "vitest";
import type { NewPublication, PublicationRequest } from "../../../src/studio/api/publication-types";
import type { Studio } from "../../../src/studio/server";
import { post } from "../server/running-studio";

export interface Published extends NewPublication {
  readonly token: string;
  /** Where the session is read: `/api/published/{token}`. */
  readonly api: string;
}

/** Publishes a session as the page does. */
export async function publish(
  studio: Studio,
  request: PublicationRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<Published> {
  const answer = await post(studio, "/api/studio/publications", JSON.stringify(request), headers);
  expect(answer.status, answer.text).toBe(201);
  const made = answer.json as NewPublication; // the contract of the route
  const token = made.path.slice("/public/".length);
  return { ...made, token, api: `/api/published/${token}` };
}
