import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import type { ContractRow } from "./contract-row";
import { problemsOfAnswer } from "./described-answers";
import { ACCESS_ROWS } from "./rows/access";
import { COMMENT_ROWS } from "./rows/comments";
import { DELETE_ROWS } from "./rows/deletes";
import { INGESTION_ROWS } from "./rows/ingestion";
import { LIMIT_ROWS } from "./rows/limits";
import { MEDIA_ROWS } from "./rows/media";
import { MODEL_ROWS } from "./rows/models";
import { OBSERVATION_ROWS } from "./rows/observations";
import { OTLP_ROWS } from "./rows/otlp";
import { SCORE_CONFIG_ROWS } from "./rows/score-configs";
import { SCORE_ROWS } from "./rows/scores";
import { SESSION_AND_TRACE_ROWS } from "./rows/sessions-and-traces";
import { UNSERVED_ROWS } from "./rows/unserved";
import { openSeededStudio, type RowAnswer, type SeededStudio } from "./seeded-studio";

const TABLES: Readonly<Record<string, readonly ContractRow[]>> = {
  "what is not in the studio": UNSERVED_ROWS,
  access: ACCESS_ROWS,
  "the legacy batch": INGESTION_ROWS,
  OTLP: OTLP_ROWS,
  scores: SCORE_ROWS,
  "score configs": SCORE_CONFIG_ROWS,
  "sessions and traces": SESSION_AND_TRACE_ROWS,
  observations: OBSERVATION_ROWS,
  comments: COMMENT_ROWS,
  media: MEDIA_ROWS,
  models: MODEL_ROWS,
  "what is deleted": DELETE_ROWS,
  limits: LIMIT_ROWS,
};

/** Rows that only read share a studio; whoever writes gets one of its own. */
const shared = new Map<string, Promise<SeededStudio>>();

afterAll(async () => {
  await Promise.all([...shared.values()].map(async (opening) => (await opening).studio.close()));
});

async function studioFor({ request, studio: kind = "open" }: ContractRow): Promise<SeededStudio> {
  if (!request.startsWith("GET ")) {
    const own = await openSeededStudio(kind);
    onTestFinished(() => own.studio.close());
    return own;
  }
  const opening = shared.get(kind) ?? openSeededStudio(kind);
  shared.set(kind, opening);
  return opening;
}

function check(answer: RowAnswer, row: NonNullable<ContractRow["afterwards"]> | ContractRow): void {
  expect(answer.status, answer.text).toBe(row.status);
  if (row.body !== undefined) expect(JSON.parse(answer.text)).toEqual(row.body);
  if (row.part !== undefined) expect(JSON.parse(answer.text)).toMatchObject(row.part);
  if (row.ids !== undefined) {
    const { data } = JSON.parse(answer.text) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(row.ids);
  }
  if ("text" in row) expect(answer.text).toBe(row.text);
  if ("problems" in row) {
    const { message, error } = JSON.parse(answer.text) as {
      message: string;
      error: { path: string[] }[];
    };
    expect(message).toBe("Invalid request data");
    expect(error.map(({ path }) => path[0])).toEqual(row.problems);
  }
  // A 405 is what every path answers to the methods that it is not described with.
  if (answer.status !== 405 && answer.contentType.includes("json")) {
    expect(problemsOfAnswer(answer)).toEqual([]);
  }
}

describe.each(Object.entries(TABLES))("%s", (_name, rows) => {
  it.each(rows.map((row) => [`section ${row.section}: ${row.rule}`, row] as const))(
    "%s",
    async (_rule, row) => {
      const { ask } = await studioFor(row);
      check(await ask(row), row);
      if (row.afterwards !== undefined) check(await ask(row.afterwards), row.afterwards);
    },
  );
});
