import { UNSERVED_ROUTES, type UnservedRoute } from "../unserved-routes";
import { BODY_SCHEMAS } from "./body-schemas";
import type { Operation } from "./operation";
import { OPERATIONS } from "./operations";
import { ref, type Schema, text } from "./schema-parts";
import { ANSWER_SCHEMAS } from "./schemas";

/**
 * Describes the Langfuse-compatible API, as `GET /api/public/openapi.json` gives it. That it names
 * the routes that answer, and no others, and that answers are as described, the tests check.
 * Spec: https://spec.openapis.org/oas/v3.1.0
 */
export function openApiDocument(version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const operation of [...OPERATIONS, ...UNSERVED_ROUTES.map(unservedOperation)]) {
    const path = paths[operation.path] ?? {};
    path[operation.method] = describe(operation);
    paths[operation.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "playhead studio",
      version,
      description:
        "The part of Langfuse's public API that the studio serves. Beside it, `POST /v1/traces` " +
        "takes OTLP as well.",
    },
    security: [{ keys: [] }, { publicKey: [] }],
    paths,
    components: {
      schemas: { ...ANSWER_SCHEMAS, ...BODY_SCHEMAS },
      securitySchemes: {
        keys: {
          type: "http",
          scheme: "basic",
          description: "Public and secret key, where the studio was started with keys.",
        },
        publicKey: {
          type: "http",
          scheme: "bearer",
          description: "The public key alone, which may create scores.",
        },
      },
    },
  };
}

function describe({ path, tag, summary, query, body, answers, isOpen }: Operation): Schema {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: text,
  }));
  const inQuery = Object.entries(query ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    schema,
  }));
  const responses = {
    ...answers,
    ...(isOpen ? {} : { 401: "Error", 403: "Message" }),
  };
  return {
    tags: [tag],
    summary,
    ...(isOpen ? { security: [] } : {}),
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...(body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: ref(body) } } },
        }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, schema]) => [status, responseOf(status, schema)]),
    ),
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: "Done",
  201: "Created",
  202: "Accepted",
  207: "Each event for itself",
  400: "The request is not as expected",
  401: "The keys are wrong, or missing",
  403: "Not with this key, or not from there",
  404: "Not there",
  413: "Too large",
  501: "Not in the studio",
};

function responseOf(status: string, schema: string | null): Schema {
  const description = DESCRIPTIONS[status] ?? status;
  if (schema === null) return { description };
  return { description, content: { "application/json": { schema: ref(schema) } } };
}

function unservedOperation({ method, path, answer }: UnservedRoute): Operation {
  const answers = ((): Operation["answers"] => {
    if (answer === "empty") return { 200: "EmptyPage", 400: "InvalidRequest" };
    if (answer === "not_implemented") return { 501: "Error" };
    return { 404: "Error" };
  })();
  return {
    method,
    path: `/api/public${path.replace(/:(\w+)/g, "{$1}")}`,
    tag: "Not in the studio",
    summary: "Langfuse has it; the studio answers that it has none",
    answers,
  };
}
