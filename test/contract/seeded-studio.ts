import { expect } from "vitest";
import { type Studio, startStudio } from "../../src/studio/server";
import type { ContractRow, StudioUnderTest } from "./contract-row";
import { basic, COMMENT, CONFIG, KEYS, MEDIA, MEDIA_CONTENT, SCORES, SPANS } from "./seed";

export interface SeededStudio {
  readonly studio: Studio;
  /** Asks, with `{comment}`, `{config}` and `{media}` filled in; no headers but those of the row. */
  ask(row: Pick<ContractRow, "request" | "headers" | "send">): Promise<RowAnswer>;
}

export interface RowAnswer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly text: string;
  readonly contentType: string;
}

/** A studio on a free port that keeps nothing, with what seed.ts describes. Whoever opens closes it. */
export async function openSeededStudio(kind: StudioUnderTest): Promise<SeededStudio> {
  const keys = kind === "with_keys" ? KEYS : {};
  const studio = await startStudio({ port: 0, db: ":memory:", ...keys });
  const headers = kind === "with_keys" ? basic(`${KEYS.publicKey}:${KEYS.secretKey}`) : {};
  const ids = new Map<string, string>();

  const ask: SeededStudio["ask"] = async ({ request, headers: given = {}, send }) => {
    const [method = "", target = ""] = request.split(/ (.*)/s);
    const filled = (text: string): string =>
      text.replace(/\{(\w+)\}/g, (whole, name: string) => ids.get(name) ?? whole);
    const address = filled(target);
    const response = await fetch(studio.url + address, {
      method,
      headers: { ...(send === undefined ? {} : { "content-type": "application/json" }), ...given },
      ...(send === undefined ? {} : { body: bodyOf(send, filled) }),
    });
    return {
      method,
      path: address.replace(/\?.*/s, ""),
      status: response.status,
      text: await response.text(),
      contentType: response.headers.get("content-type") ?? "",
    };
  };

  const fill = async (request: string, send: unknown): Promise<Record<string, string>> => {
    const { status, text } = await ask({ request, headers, send });
    expect([200, 201], text).toContain(status);
    return JSON.parse(text);
  };
  await fill("POST /api/public/otel/v1/traces", SPANS);
  for (const score of SCORES) await fill("POST /api/public/scores", score);
  const comment = await fill("POST /api/public/comments", COMMENT);
  const config = await fill("POST /api/public/score-configs", CONFIG);
  const media = await fill("POST /api/public/media", MEDIA);
  const uploaded = await fetch(media["uploadUrl"] ?? "", {
    method: "PUT",
    headers: { "content-type": MEDIA.contentType },
    body: new Uint8Array(MEDIA_CONTENT),
  });
  expect(uploaded.status).toBe(200);
  ids.set("comment", comment["id"] ?? "");
  ids.set("config", config["id"] ?? "");
  ids.set("media", media["mediaId"] ?? "");
  return { studio, ask };
}

function bodyOf(send: unknown, filled: (text: string) => string): string | Uint8Array<ArrayBuffer> {
  if (typeof send === "string") return send;
  // Bytes may stand on shared memory, bodies may not.
  return send instanceof Uint8Array ? new Uint8Array(send) : filled(JSON.stringify(send));
}
