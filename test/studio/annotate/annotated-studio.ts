import { beforeEach } from "vitest";
import { type Studio, startStudio } from "../../../src/studio/server";

export interface JsonAnswer {
  readonly status: number;
  readonly json: unknown;
}

/** Reads where no body is given. */
export type Ask = (path: string, body?: object, method?: "POST" | "PATCH") => Promise<JsonAnswer>;

/** A studio that keeps nothing for each test of a file; returns what asks it. */
export function useStudio(): Ask {
  let studio: Studio;
  beforeEach(async () => {
    studio = await startStudio({ port: 0, db: ":memory:" });
    return () => studio.close();
  });
  return async (path, body, method = "POST") => {
    const response = await fetch(studio.url + path, {
      ...(body !== undefined && { method, body: JSON.stringify(body) }),
      headers: { "content-type": "application/json" },
    });
    return { status: response.status, json: await response.json() };
  };
}
