import { createHash } from "node:crypto";
import {
  type Answer,
  type ReceivedRequest,
  type ScriptedServer,
  startScriptedServer,
  status,
} from "../../support/scripted-server";

/** Answers a request instead of the healthy server; undefined leaves it to that. */
export type Override = (request: ReceivedRequest, index: number) => Answer | undefined;

export interface MediaServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Contents that were put, by id. */
  readonly files: ReadonlyMap<string, Buffer>;
  override: Override;
  /** Where files are put. @default the server itself */
  storageUrl: string;
  received(count: number): Promise<void>;
  /** `POST`, `PUT`, `PATCH` in the order they came. */
  methods(): string[];
  /** Bodies of requests with this method, as JSON. */
  bodies(method: string): unknown[];
}

/** A server with Langfuse's media API and the storage behind it. Spec: langfuse-contract, section 6 */
export async function startMediaServer(): Promise<MediaServer> {
  const files = new Map<string, Buffer>();
  const counts = new Map<string, number>();
  const scripted: ScriptedServer = await startScriptedServer((response, request) => {
    const index = counts.get(request.method) ?? 0;
    counts.set(request.method, index + 1);
    const other = server.override(request, index);
    if (other !== undefined) return other(response, request);
    return healthy(request)(response, request);
  });
  const healthy = ({ method, path, body }: ReceivedRequest): Answer => {
    if (method === "PUT") {
      const id = createHash("sha256").update(body).digest("base64url").slice(0, 22);
      files.set(id, body);
      return status(200);
    }
    if (method === "PATCH") return status(200, '{"message":"OK"}');
    if (path !== "/api/public/media") return status(404);
    const { sha256Hash } = JSON.parse(body.toString());
    const mediaId = Buffer.from(sha256Hash, "base64").toString("base64url").slice(0, 22);
    const uploadUrl = files.has(mediaId)
      ? null
      : `${server.storageUrl}/bucket/${mediaId}?sig=s3cr3t`;
    return status(201, JSON.stringify({ mediaId, uploadUrl }));
  };
  const server: MediaServer = {
    url: scripted.url,
    requests: scripted.requests,
    files,
    override: () => undefined,
    storageUrl: scripted.url,
    received: scripted.received,
    methods: () => scripted.requests.map(({ method }) => method),
    bodies: (wanted) =>
      scripted.requests
        .filter(({ method }) => method === wanted)
        .map(({ body }) => JSON.parse(body.toString())),
    [Symbol.asyncDispose]: () => scripted[Symbol.asyncDispose](),
  };
  return server;
}

/** Answers the requests of one method with these, one after the other, then as a healthy server. */
export function onMethod(wanted: string, ...answers: readonly Answer[]): Override {
  return ({ method }, index) => (method === wanted ? answers[index] : undefined);
}

/** Answers every request of one method with this. */
export function always(wanted: string, answer: Answer): Override {
  return ({ method }) => (method === wanted ? answer : undefined);
}
