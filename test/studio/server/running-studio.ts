import { request } from "node:http";
import { afterEach } from "vitest";
import { type Studio, type StudioOptions, startStudio } from "../../../src/studio/server";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed on access. */
  readonly json: unknown;
}

const running: Studio[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((studio) => studio.close()));
});

/** A studio on a free port that keeps nothing; closed after the test. */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const studio = await startStudio({ port: 0, db: ":memory:", ...options });
  running.push(studio);
  return studio;
}

export async function get(
  studio: Pick<Studio, "url">,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return answerOf(await fetch(studio.url + path, { headers, redirect: "manual" }));
}

export async function post(
  studio: Pick<Studio, "url">,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return answerOf(
    await fetch(studio.url + path, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    }),
  );
}

export const OTLP_PATH = "/api/public/otel/v1/traces";

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text);
    },
  };
}

/** A request with headers that `fetch` sets itself, such as `Host`. */
export function rawRequest(
  studio: Studio,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(studio.url);
    const outgoing = request({ hostname, port, path, headers, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on("error", reject).end();
  });
}
