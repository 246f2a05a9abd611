import type { ContractRow } from "../contract-row";

const noTrace = (id: string): NonNullable<ContractRow["afterwards"]> => ({
  request: `GET /api/public/traces/${id}`,
  status: 404,
  body: {
    message: `Trace ${id} not found within authorized project`,
    error: "LangfuseNotFoundError",
  },
});

/** Whether there was something to delete, none of these answers says. */
export const DELETE_ROWS: readonly ContractRow[] = [
  {
    section: "5",
    rule: "a trace is deleted by its id",
    request: "DELETE /api/public/traces/t1",
    status: 200,
    body: { message: "Trace deleted successfully" },
    afterwards: noTrace("t1"),
  },
  {
    section: "5",
    rule: "a trace that is not there is deleted as well",
    request: "DELETE /api/public/traces/nope",
    status: 200,
    body: { message: "Trace deleted successfully" },
  },
  {
    section: "5",
    rule: "traces are deleted by a list of ids",
    request: "DELETE /api/public/traces",
    send: { traceIds: ["t2", "nope", "t1"] },
    status: 200,
    body: { message: "Traces deleted successfully" },
    afterwards: { request: "GET /api/public/traces", status: 200, ids: ["t3"] },
  },
  ...[
    { what: "without ids", send: { traceIds: [] } },
    { what: "of more than a thousand", send: { traceIds: Array<string>(1_001).fill("t1") } },
    { what: "that is none", send: { traceIds: "t1" } },
    { what: "that is missing", send: {} },
  ].map(
    ({ what, send }): ContractRow => ({
      section: "5",
      rule: `a list ${what} deletes nothing`,
      request: "DELETE /api/public/traces",
      send,
      status: 400,
      problems: ["traceIds"],
      afterwards: { request: "GET /api/public/traces", status: 200, ids: ["t3", "t2", "t1"] },
    }),
  ),
  {
    section: "5",
    rule: "a list of more than four megabytes deletes nothing",
    request: "DELETE /api/public/traces",
    send: { traceIds: ["t1", "x".repeat(4 * 1024 * 1024)] },
    status: 413,
    text: "Body exceeded 4mb limit",
    afterwards: { request: "GET /api/public/traces", status: 200, ids: ["t3", "t2", "t1"] },
  },
  {
    section: "4",
    rule: "a score is deleted by its id, accepted rather than done",
    request: "DELETE /api/public/scores/number",
    status: 202,
    body: { message: "Score deleted successfully" },
    afterwards: {
      request: "GET /api/public/scores/number",
      status: 404,
      body: {
        message: "Score not found within authorized project",
        error: "LangfuseNotFoundError",
      },
    },
  },
  {
    section: "1",
    studio: "with_keys",
    rule: "nothing is deleted with the public key alone",
    request: "DELETE /api/public/traces/t1",
    headers: { authorization: "Bearer pk-lf-1" },
    status: 403,
    body: { message: "Access denied - insufficient permissions for this endpoint" },
  },
];
