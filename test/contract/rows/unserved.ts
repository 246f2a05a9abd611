import type { ContractRow } from "../contract-row";

const GONE = {
  message:
    "This endpoint is not available on deployments running in Langfuse v4 events_only mode. Learn more about Langfuse v4 at: https://langfuse.com/docs/v4",
};

const gone = (request: string): ContractRow => ({
  section: "0",
  rule: `${request} is gone from Langfuse 4, and says so`,
  request,
  ...(request.startsWith("GET ") ? {} : { send: {} }),
  status: 404,
  body: GONE,
});

const empty = (path: string): ContractRow => ({
  section: "5",
  rule: `GET ${path} lists none`,
  request: `GET ${path}?page=2&limit=10`,
  status: 200,
  body: { data: [], meta: { page: 2, limit: 10, totalItems: 0, totalPages: 0 } },
});

const missing = (path: string, message: string): ContractRow => ({
  section: "5",
  rule: `GET ${path} has none of that name`,
  request: `GET ${path}`,
  status: 404,
  body: { message, error: "LangfuseNotFoundError" },
});

const notImplemented = (request: string): ContractRow => ({
  section: "0",
  rule: `${request} says that the studio has no such thing`,
  request,
  ...(request.startsWith("GET ") ? {} : { send: {} }),
  status: 501,
  part: { error: "NotImplementedError" },
});

export const UNSERVED_ROWS: readonly ContractRow[] = [
  gone("POST /api/public/traces"),
  gone("POST /api/public/generations"),
  gone("PATCH /api/public/generations"),
  gone("POST /api/public/spans"),
  gone("PATCH /api/public/spans"),
  gone("POST /api/public/events"),
  gone("GET /api/public/metrics?query=%7B%7D"),
  gone("GET /api/public/metrics/daily"),
  gone("GET /api/public/dataset-run-items?datasetId=d&runName=r"),
  gone("POST /api/public/dataset-run-items"),
  gone("GET /api/public/datasets/d/runs"),
  gone("GET /api/public/datasets/d/runs/r"),
  gone("DELETE /api/public/datasets/d/runs/r"),
  empty("/api/public/v2/prompts"),
  empty("/api/public/v2/datasets"),
  empty("/api/public/dataset-items"),
  empty("/api/public/annotation-queues"),
  empty("/api/public/llm-connections"),
  missing("/api/public/v2/prompts/support?label=production", "Prompt not found"),
  missing("/api/public/v2/datasets/d", "Dataset not found"),
  missing("/api/public/dataset-items/i", "Dataset item not found"),
  missing("/api/public/annotation-queues/q", "Annotation queue not found"),
  notImplemented("GET /api/public/v2/metrics?query=%7B%7D"),
  notImplemented("GET /api/public/experiments"),
  notImplemented("GET /api/public/experiment-items"),
  notImplemented("POST /api/public/v2/prompts"),
  notImplemented("PATCH /api/public/v2/prompts/p/versions/1"),
  notImplemented("POST /api/public/v2/datasets"),
  notImplemented("POST /api/public/dataset-items"),
  notImplemented("PUT /api/public/llm-connections"),
];
