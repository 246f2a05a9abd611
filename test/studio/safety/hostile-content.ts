import { MOVED_SCORES } from "../../../src/studio/ingest/moved-scores";
/** A text that an application may capture, made to harm whoever looks at it. */
export interface HostileText {
  readonly name: string;
  readonly text: string;
  /** As the studio keeps it, where that is something else: what is no text in UTF-8 or SQLite. */
  readonly kept?: string;
}

const ELSEWHERE = "https://elsewhere.invalid";

/** Whatever of it runs opens a dialog; whatever of it is fetched goes to `elsewhere.invalid`. */
export const HOSTILE_TEXTS: readonly HostileText[] = [
  { name: "a script", text: "<script>alert(1)</script>" },
  { name: "an event handler", text: '<img src=x onerror="alert(1)"><b onmouseover=alert(1)>b</b>' },
  {
    name: "the end of all that is open",
    text: `"'></title></script></style>--><svg onload=alert(1)>`,
  },
  {
    name: "a picture of elsewhere",
    text: `<img src="${ELSEWHERE}/a.png">![a](${ELSEWHERE}/b.png)`,
  },
  { name: "a style of elsewhere", text: `<style>@import "${ELSEWHERE}/a.css"</style>` },
  {
    name: "a frame",
    text: `<iframe srcdoc="<script>alert(1)</script>" src="${ELSEWHERE}"></iframe>`,
  },
  {
    name: "a script as a link",
    text: "[a](javascript:alert(1)) <a href='javascript:alert(1)'>b</a>",
  },
  {
    name: "a page as a link",
    text: "[a](data:text/html,<script>alert(1)</script>) data:text/html;base64,PHNjcmlwdD4=",
  },
  {
    name: "a drawing with a script",
    text: `<svg onload="alert(1)"><script>alert(1)</script><use href="${ELSEWHERE}/a#b"/></svg>`,
  },
  {
    name: "a drawing as a data URI",
    text: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
  },
  {
    name: "pictures in messages",
    text: JSON.stringify([
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: `${ELSEWHERE}/a.png` } },
          { type: "image", source: { type: "url", url: `${ELSEWHERE}/b.png` } },
          { type: "input_audio", input_audio: { data: `${ELSEWHERE}/c.mp3`, format: "mp3" } },
          { type: "text", text: "<script>alert(1)</script>" },
        ],
      },
    ]),
  },
  {
    name: "a reference to media that leads elsewhere",
    text: `@@@langfuseMedia:type=image/svg+xml|id=../../../${ELSEWHERE}|source=bytes@@@`,
  },
  {
    name: "templates",
    text: "{{constructor.constructor('alert(1)')()}} $\u007balert(1)} <%= alert(1) %>",
  },
  { name: "commands for a terminal", text: "\u001b]0;owned\u0007\u001b[2J\u001b[31m\u009b1m" },
  { name: "changes of direction", text: "\u202egnp.exe\u202c \u2066a\u2069 \u200f\u061c\ufeff" },
  { name: "a name of the prototype", text: "__proto__" },
  { name: "another name of the prototype", text: "constructor" },
  {
    name: "JSON that reaches for the prototype",
    text: '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}',
  },
  { name: "half a character", text: "a\ud800b", kept: "a\ufffdb" },
  { name: "a character that ends texts", text: "a\0b", kept: "a\ufffdb" },
  { name: "lines and separators", text: "a\r\nb\u2028c\u2029d\u0085e\tf" },
  { name: "a way up", text: "../../../../etc/passwd" },
  { name: "a way up, encoded", text: "..%2f..%2f%2e%2e%00.html" },
  { name: "an address with a query", text: "/sessions/a?b=c&d#e%" },
  { name: "a statement of SQL", text: `'); DROP TABLE traces; -- " OR "1"="1` },
  { name: "an expression of the search", text: `" OR input:* NEAR("a" "b", 2) NOT % _ ^ {a} -` },
  { name: "spaces and pictures", text: "  two words 🦊👩‍👩‍👧 " },
];

/** JSON so deep that a recursive reader of it runs out of stack. */
export const DEEP_JSON = `${"[".repeat(20_000)}"<script>alert(1)</script>"${"]".repeat(20_000)}`;

/** One OTLP/JSON request with the text in every field that takes a text. */
export function otlpWith(text: string, { traceId, sessionId }: HostileIds): string {
  const value = { stringValue: text };
  const attributes = [
    ["session.id", sessionId],
    ["user.id", text],
    ["langfuse.trace.name", text],
    ["langfuse.trace.tags", JSON.stringify([text])],
    ["langfuse.trace.metadata.key", text],
    [`langfuse.trace.metadata.${text}`, text],
    ["langfuse.observation.metadata", JSON.stringify({ [text]: { [text]: text } })],
    [`langfuse.observation.metadata.${text}`, text],
    ["langfuse.observation.type", "generation"],
    ["langfuse.observation.model.name", text],
    ["langfuse.observation.model.parameters", JSON.stringify({ [text]: text })],
    ["langfuse.observation.usage_details", JSON.stringify({ [text]: 1, input: 2 })],
    ["langfuse.observation.cost_details", JSON.stringify({ [text]: 1 })],
    ["langfuse.observation.prompt.name", text],
    ["langfuse.observation.prompt.version", 1],
    ["langfuse.observation.status_message", text],
    ["langfuse.observation.level", "ERROR"],
    ["langfuse.observation.input", text],
    ["langfuse.observation.output", JSON.stringify({ role: "assistant", content: text })],
    ["langfuse.environment", text],
    ["langfuse.release", text],
    ["langfuse.version", text],
    ["gen_ai.tool.name", text],
    [text, text],
  ].map(([key, content]) => ({
    key,
    value: typeof content === "number" ? { intValue: content } : { stringValue: content },
  }));
  // A nested list of a value, as OTLP has it.
  attributes.push({
    key: "nested",
    value: { kvlistValue: { values: [{ key: text, value }] } } as never,
  });
  const exception = [
    { key: "exception.type", value },
    { key: "exception.message", value },
    { key: "exception.stacktrace", value },
  ];
  const span = {
    traceId,
    spanId: "root",
    name: text,
    startTimeUnixNano: "1763806800000000000",
    endTimeUnixNano: "1763806801000000000",
    attributes,
    events: [{ name: "exception", timeUnixNano: "1763806800500000000", attributes: exception }],
    status: { code: 2, message: text },
  };
  const child = { ...span, spanId: text, parentSpanId: "root", name: `child ${text}` };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: {
          attributes: [
            { key: "service.name", value },
            { key: text, value },
          ],
        },
        scopeSpans: [{ scope: { name: text, version: text }, spans: [span, child] }],
      },
    ],
  });
}

export interface HostileIds {
  readonly traceId: string;
  readonly sessionId: string;
}

export function scoreWith(text: string, { traceId }: HostileIds): string {
  return JSON.stringify({
    id: text.replaceAll("\r", ""), // which is refused in this one place
    traceId,
    name: text,
    value: text,
    dataType: "CATEGORICAL",
    comment: text,
    metadata: { [text]: { [text]: text } },
    environment: text,
  });
}

/** A batch of the legacy protocol: an entity of each kind, with the text in all of its fields. */
export function legacyBatchWith(text: string, { traceId, sessionId }: HostileIds): string {
  const timestamp = "2025-11-22T10:20:00.000Z";
  const id = `${text} legacy`;
  const common = { name: text, input: text, output: { [text]: text }, metadata: { [text]: text } };
  const observation = {
    ...common,
    id,
    traceId: `${traceId} legacy`,
    startTime: timestamp,
    statusMessage: text,
    version: text,
    model: text,
    modelParameters: { [text]: text },
    usageDetails: { [text]: 1 },
  };
  const events = {
    "trace-create": {
      ...common,
      id: `${traceId} legacy`,
      sessionId: `${sessionId} legacy`,
      userId: text,
      tags: [text],
      release: text,
    },
    "span-create": observation,
    "generation-create": { ...observation, id: `${id} generation` },
    "event-create": { ...observation, id: `${id} event` },
    "score-create": {
      ...(JSON.parse(scoreWith(text, { traceId, sessionId })) as object),
      id,
      configId: text,
    },
    "sdk-log": { log: { [text]: text } },
  };
  return JSON.stringify({
    batch: Object.entries(events).map(([type, body]) => ({
      id: `${text} ${type}`,
      type,
      timestamp,
      body,
    })),
    // Takes the configId, which no config has.
    metadata: { ...MOVED_SCORES, [text]: text },
  });
}

export function mediaAnnouncementWith(text: string): string {
  return JSON.stringify({
    contentType: text,
    contentLength: 1,
    sha256Hash: text,
    traceId: text,
    observationId: text,
    field: text,
  });
}

/** A session file with the text in every field that takes a text. */
export function sessionFileWith(text: string, ids: HostileIds): string {
  const values = { [text]: text, nested: { [text]: [text] } };
  const [traceId, sessionId] = [`${ids.traceId} imported`, `${ids.sessionId} imported`];
  const observation = {
    id: text,
    parentId: text,
    isAppRoot: true,
    type: "generation",
    name: text,
    startUs: 1_763_806_800_000_000,
    startNs: 0,
    endUs: 1_763_806_801_000_000,
    completionStartUs: null,
    level: "ERROR",
    statusMessage: text,
    model: text,
    modelParameters: values,
    usageDetails: { [text]: 1 },
    costDetails: { [text]: 1 },
    inputTokens: 1,
    outputTokens: 1,
    totalTokens: 2,
    totalCost: 1,
    promptName: text,
    promptVersion: 1,
    input: text,
    output: text,
    metadata: values,
    origin: values,
    exceptions: [{ type: text, message: text, stacktrace: text }],
    sessionId,
    userId: text,
    traceName: text,
    tags: [text],
    isPublic: false,
    traceMetadata: values,
    environment: text,
    release: text,
    version: text,
  };
  const score = {
    id: `${text} imported`,
    name: text,
    dataType: "TEXT",
    value: 0,
    stringValue: text,
    comment: text,
    metadata: values,
    source: text,
    environment: text,
    configId: text,
    queueId: text,
    timestampUs: 1_763_806_800_000_000,
    traceId,
    observationId: text,
    sessionId: null,
    datasetRunId: text,
  };
  const comment = {
    id: `${text} imported`,
    objectType: "SESSION",
    objectId: sessionId,
    content: text,
    authorUserId: text,
    createdUs: 1_763_806_800_000_000,
  };
  return JSON.stringify({
    format: "playhead.session",
    version: 1,
    session: { id: sessionId, isBookmarked: true },
    traces: [{ id: traceId, observations: [observation] }],
    scores: [score],
    comments: [comment],
    media: [],
  });
}
