/** The OpenTelemetry SDK with its batch processor and its JSON exporter. */

import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { startOpenTelemetry } from "../lib/opentelemetry.mjs";

export async function start({ url, enabled, gzip }) {
  const exporter = new OTLPTraceExporter({
    url: `${url}/v1/traces`,
    compression: gzip ? "gzip" : "none",
  });
  return startOpenTelemetry(exporter, enabled);
}
