import { version } from "../../../package.json";
import type { ContractRow } from "../contract-row";
import { basic, KEYS } from "../seed";

const RIGHT = basic(`${KEYS.publicKey}:${KEYS.secretKey}`);
const PUBLIC_KEY_ALONE = { authorization: `Bearer ${KEYS.publicKey}` };
const INVALID = "Invalid credentials. Confirm that you've configured the correct host.";

const PROJECTS = {
  data: [
    {
      id: "playhead",
      name: "playhead",
      organization: { id: "playhead", name: "playhead" },
      metadata: {},
    },
  ],
};

const guarded = { section: "1", studio: "with_keys" } as const;

export const ACCESS_ROWS: readonly ContractRow[] = [
  {
    ...guarded,
    rule: "without a header a route says what is missing",
    request: "GET /api/public/projects",
    status: 401,
    body: { message: "No authorization header" },
  },
  {
    ...guarded,
    rule: "the legacy batch names the error as well",
    request: "POST /api/public/ingestion",
    send: { batch: [] },
    status: 401,
    body: { error: "UnauthorizedError", message: "No authorization header" },
  },
  {
    ...guarded,
    rule: "a scheme that is none of the two is refused",
    request: "GET /api/public/projects",
    headers: { authorization: "Token pk-lf-1" },
    status: 401,
    body: { message: "Invalid authorization header" },
  },
  {
    ...guarded,
    rule: "a wrong secret is refused",
    request: "GET /api/public/projects",
    headers: basic(`${KEYS.publicKey}:other`),
    status: 401,
    body: { message: INVALID },
  },
  {
    ...guarded,
    rule: "the key pair opens a project's routes",
    request: "GET /api/public/projects",
    headers: RIGHT,
    status: 200,
    body: PROJECTS,
  },
  {
    ...guarded,
    rule: "the public key alone reads nothing",
    request: "GET /api/public/sessions",
    headers: PUBLIC_KEY_ALONE,
    status: 403,
    body: { message: "Access denied - insufficient permissions for this endpoint" },
  },
  {
    ...guarded,
    rule: "the public key alone sends no spans",
    request: "POST /api/public/otel/v1/traces",
    headers: PUBLIC_KEY_ALONE,
    send: { resourceSpans: [] },
    status: 403,
    body: { message: "Access denied - insufficient permissions for this endpoint" },
  },
  {
    ...guarded,
    rule: "the public key alone creates scores",
    request: "POST /api/public/scores",
    headers: PUBLIC_KEY_ALONE,
    send: { id: "s1", traceId: "t1", name: "liked", value: 1 },
    status: 200,
    body: { id: "s1" },
  },
  {
    ...guarded,
    rule: "the public key alone creates scores in a batch",
    request: "POST /api/public/ingestion",
    headers: PUBLIC_KEY_ALONE,
    send: {
      batch: [
        {
          id: "e1",
          type: "score-create",
          timestamp: "2025-11-22T10:00:00Z",
          body: { id: "s1", traceId: "t1", name: "liked", value: 1 },
        },
      ],
    },
    status: 207,
    body: { successes: [{ id: "e1", status: 201 }], errors: [] },
  },
  {
    section: "5",
    studio: "with_keys",
    rule: "health is told to everyone",
    request: "GET /api/public/health?failIfDatabaseUnavailable=true",
    status: 200,
    body: { status: "OK", version },
  },
  {
    section: "5",
    rule: "readiness has the same shape",
    request: "GET /api/public/ready",
    status: 200,
    body: { status: "OK", version },
  },
  {
    section: "5",
    rule: "projects are the one of the key",
    request: "GET /api/public/projects",
    status: 200,
    body: PROJECTS,
  },
  ...["PUT /api/public/sessions", "POST /api/public/v3/scores", "PATCH /api/public/traces/t1"].map(
    (request): ContractRow => ({
      section: "1",
      rule: `${request} is no method of that path`,
      request,
      send: {},
      status: 405,
      body: { message: "Method not allowed", error: "MethodNotAllowedError" },
    }),
  ),
  {
    section: "1",
    rule: "a body that is too large for the route is said in plain text",
    request: "POST /api/public/comments",
    send: JSON.stringify({ content: "x".repeat(1024 * 1024) }),
    status: 413,
    text: "Body exceeded 1mb limit",
  },
];
