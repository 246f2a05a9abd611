/** Who is measured, in the order of the table. One file each in subjects/. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const SUBJECTS = [
  "nothing",
  "floor",
  "playhead",
  "langfuse",
  "otel-protobuf",
  "otel-json",
  "langsmith",
  "braintrust",
  "laminar",
  "opik",
  "weave",
  "traceloop",
  "logfire",
];

/** Packages to install for each, as their documentation says; ours and the floors have none. */
export const PACKAGES = {
  langfuse: ["@langfuse/tracing", "@langfuse/otel", "@opentelemetry/sdk-trace-node"],
  "otel-protobuf": [
    "@opentelemetry/api",
    "@opentelemetry/sdk-trace-node",
    "@opentelemetry/exporter-trace-otlp-proto",
  ],
  "otel-json": [
    "@opentelemetry/api",
    "@opentelemetry/sdk-trace-node",
    "@opentelemetry/exporter-trace-otlp-http",
  ],
  langsmith: ["langsmith"],
  braintrust: ["braintrust"],
  laminar: ["@lmnr-ai/lmnr"],
  opik: ["opik"],
  weave: ["weave"],
  traceloop: ["@traceloop/node-server-sdk"],
  logfire: ["@pydantic/logfire-node"],
};

/** Those that can send gzip; the others are shown without. */
export const COMPRESSING = ["nothing", "floor", "playhead", "otel-protobuf", "otel-json"];
/** Those whose spans can be ended by hand. */
export const WITH_OPEN_TRACES = ["floor", "playhead", "langfuse", "otel-protobuf", "braintrust"];
/** Those in the plots. */
export const PLOTTED = ["floor", "playhead", "langfuse", "otel-protobuf"];

/** @returns `name@version` of each installed package of a subject */
export function versionsOf(subject) {
  return (PACKAGES[subject] ?? []).map((name) => `${name}@${installedVersion(name)}`);
}

/** Looked up in the folders, since not every package exports its package.json. */
function installedVersion(name) {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name)) {
    try {
      return JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version;
    } catch {
      // not in this one
    }
  }
  throw new Error(`${name} is not installed: node bench/install.mjs`);
}
