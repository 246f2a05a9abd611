import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Studio } from "../../../src/studio/server";
import { OTLP_PATH, post } from "./running-studio";

/** Every place in which text of a user may end up. */
export const PLACES = [
  "sessionid",
  "traceid",
  "spanid",
  "spanname",
  "tracename",
  "userid",
  "tag",
  "release",
  "version",
  "environment",
  "model",
  "parameter",
  "promptname",
  "usagekey",
  "statusmessage",
  "input",
  "output",
  "replacedinput",
  "metadatakey",
  "metadata",
  "tracemetadata",
  "resource",
  "leftover",
  "exception",
  "stacktrace",
  "legacyinput",
  "legacyoutput",
  "legacymetadata",
  "legacyspaninput",
  "legacyspanoutput",
  "legacyspanname",
  "scorename",
  "scoretext",
  "scorecomment",
  "scoremetadata",
  "observationscore",
  "sessionscore",
  "tracecomment",
  "observationcomment",
  "sessioncomment",
  "author",
  "mediacontent",
  "ownmedia",
] as const;

export type Place = (typeof PLACES)[number];

/** Places that the search reads. */
export const SEARCHED_PLACES: readonly Place[] = [
  "sessionid",
  "spanname",
  "tracename",
  "userid",
  "tag",
  "model",
  "statusmessage",
  "input",
  "output",
  "replacedinput",
  "metadata",
  "exception",
  "legacyinput",
  "legacyspanoutput",
];

/** What stands in a place of one session and nowhere else. */
export type Marker = (place: Place) => string;

/**
 * A word for each place. The first two letters differ from place to place, since the index of the
 * search leaves out what a word has in common with the one before it: look for the rest.
 */
export function markersOf(name: string): { readonly mark: Marker; readonly rest: Marker } {
  const rest = (place: Place): string => `${name}${place}end`;
  const mark = (place: Place): string => {
    const index = PLACES.indexOf(place);
    return `${String.fromCharCode(97 + (index % 26), 98 + Math.floor(index / 26))}${rest(place)}`;
  };
  return { mark, rest };
}

/** Fills each place by the requests that clients send. Activity: 2025-11-22, 10:20. */
export async function sendEverything(studio: Studio, mark: Marker): Promise<void> {
  const sent = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await post(studio, path, JSON.stringify(body));
    expect([200, 201, 207], `${path}: ${answer.text}`).toContain(answer.status);
    return answer.json;
  };
  const mediaTag = await uploadFile(studio, mark, mark("mediacontent"), mark("traceid"));
  await uploadFile(studio, mark, mark("ownmedia"), `l${mark("traceid")}`);
  await sent(OTLP_PATH, otlpRequest(mark, mark("replacedinput"), 1));
  await sent(OTLP_PATH, otlpRequest(mark, `${mark("input")} ${mediaTag}`, 2));
  const ingested = await sent("/api/public/ingestion", { batch: legacyBatch(mark) });
  expect(ingested).toMatchObject({ errors: [] });
  const scores = [
    {
      traceId: mark("traceid"),
      name: mark("scorename"),
      value: mark("scoretext"),
      comment: mark("scorecomment"),
      metadata: { of: mark("scoremetadata") },
    },
    {
      traceId: mark("traceid"),
      observationId: mark("spanid"),
      name: mark("observationscore"),
      value: 1,
    },
    { sessionId: mark("sessionid"), name: mark("sessionscore"), value: 1 },
  ];
  for (const score of scores) await sent("/api/public/scores", score);
  const comments = [
    ["TRACE", "traceid", "tracecomment"],
    ["OBSERVATION", "spanid", "observationcomment"],
    ["SESSION", "sessionid", "sessioncomment"],
  ] as const;
  for (const [objectType, object, content] of comments) {
    await sent("/api/public/comments", {
      projectId: "playhead",
      objectType,
      objectId: mark(object),
      content: mark(content),
      authorUserId: mark("author"),
    });
  }
  const path = `/api/studio/sessions/${mark("sessionid")}/bookmark`;
  expect((await fetch(studio.url + path, { method: "PUT" })).status).toBe(200);
}

const string = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** @param version - of two of one span, the one that ended later stays */
function otlpRequest(mark: Marker, input: string, version: number): object {
  const start = 1_763_806_800;
  return {
    resourceSpans: [
      {
        resource: { attributes: [string("host.name", mark("resource"))] },
        scopeSpans: [
          {
            scope: { name: "my-instrumentation" },
            spans: [
              {
                traceId: mark("traceid"),
                spanId: mark("spanid"),
                name: mark("spanname"),
                startTimeUnixNano: `${start}000000000`,
                endTimeUnixNano: `${start + version}000000000`,
                status: { code: 2, message: mark("statusmessage") },
                attributes: [
                  string("session.id", mark("sessionid")),
                  string("user.id", mark("userid")),
                  string("langfuse.trace.name", mark("tracename")),
                  string("langfuse.trace.tags", mark("tag")),
                  string("langfuse.trace.metadata.of", mark("tracemetadata")),
                  string("langfuse.release", mark("release")),
                  string("langfuse.version", mark("version")),
                  string("langfuse.environment", mark("environment")),
                  string("langfuse.observation.type", "generation"),
                  string("langfuse.observation.model.name", mark("model")),
                  string(
                    "langfuse.observation.model.parameters",
                    JSON.stringify({ stop: mark("parameter") }),
                  ),
                  string(
                    "langfuse.observation.usage_details",
                    JSON.stringify({ [mark("usagekey")]: 3 }),
                  ),
                  string("langfuse.observation.prompt.name", mark("promptname")),
                  { key: "langfuse.observation.prompt.version", value: { intValue: "1" } },
                  string("langfuse.observation.input", input),
                  // Larger than a page of the file.
                  string("langfuse.observation.output", `${mark("output")} `.repeat(500)),
                  string(`langfuse.observation.metadata.${mark("metadatakey")}`, mark("metadata")),
                  string("something.else", mark("leftover")),
                ],
                events: [
                  {
                    name: "exception",
                    timeUnixNano: `${start}500000000`,
                    attributes: [
                      string("exception.type", "Error"),
                      string("exception.message", mark("exception")),
                      string("exception.stacktrace", `Error\n    at ${mark("stacktrace")}`),
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
}

function legacyBatch(mark: Marker): object[] {
  const traceId = `l${mark("traceid")}`;
  const event = (type: string, body: object, index: number) => ({
    id: `${traceId}${index}`,
    type,
    timestamp: `2025-11-22T10:20:0${index}.000Z`,
    body,
  });
  return [
    event(
      "trace-create",
      {
        id: traceId,
        timestamp: "2025-11-22T10:20:00.000Z",
        sessionId: mark("sessionid"),
        input: mark("legacyinput"),
        output: mark("legacyoutput"),
        metadata: { of: mark("legacymetadata") },
      },
      0,
    ),
    event(
      "span-create",
      {
        id: `l${mark("spanid")}`,
        traceId,
        name: mark("legacyspanname"),
        input: mark("legacyspaninput"),
        startTime: "2025-11-22T10:20:01.000Z",
      },
      1,
    ),
    event(
      "span-update",
      {
        id: `l${mark("spanid")}`,
        traceId,
        output: mark("legacyspanoutput"),
        endTime: "2025-11-22T10:20:02.000Z",
      },
      2,
    ),
  ];
}

/** @returns what refers to it in a text */
async function uploadFile(
  studio: Studio,
  mark: Marker,
  text: string,
  traceId: string,
): Promise<string> {
  const content = Buffer.from(`${text} `.repeat(1_000));
  const announced = await post(
    studio,
    "/api/public/media",
    JSON.stringify({
      contentType: "text/plain",
      contentLength: content.length,
      sha256Hash: createHash("sha256").update(content).digest("base64"),
      traceId,
      observationId: mark("spanid"),
      field: "input",
    }),
  );
  expect(announced.status).toBe(201);
  // The answer of the route; the next request fails where it is another.
  const { mediaId, uploadUrl } = announced.json as { mediaId: string; uploadUrl: string };
  const headers = { "content-type": "text/plain" };
  const uploaded = await fetch(uploadUrl, { method: "PUT", headers, body: content });
  expect(uploaded.status).toBe(200);
  return `@@@langfuseMedia:type=text/plain|id=${mediaId}|source=bytes@@@`;
}
