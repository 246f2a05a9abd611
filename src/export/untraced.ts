/** Key that OpenTelemetry's instrumentations look for. Spec: `suppressTracing` in @opentelemetry/core. */
const SUPPRESS_TRACING = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
/** Where the API of version 1 keeps what a host has registered. */
const REGISTRY = Symbol.for("opentelemetry.js.api.1");

/** Kept: asking for it each time costs as much as a tenth of a request. */
let loadingApi: Promise<typeof import("@opentelemetry/api")> | undefined;

/** Runs what sends our own requests so that an OpenTelemetry setup of the host does not trace them. */
export function untraced<T>(work: () => Promise<T>): Promise<T> {
  // Loading the API takes twenty milliseconds: only where there is a setup that could trace.
  const isSetUp = (globalThis as { [REGISTRY]?: unknown })[REGISTRY] !== undefined; // any global may be asked
  return isSetUp ? suppressed(work) : work();
}

async function suppressed<T>(work: () => Promise<T>): Promise<T> {
  loadingApi ??= import("@opentelemetry/api");
  const { context } = await loadingApi;
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), work);
}
