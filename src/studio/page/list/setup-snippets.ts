/** Where an application is to send its spans. */
export interface SetupTarget {
  /** The address of this studio, without a slash at its end. */
  readonly baseUrl: string;
  readonly publicKey: string;
  /** Null where it is not known; then the snippets say where it belongs. */
  readonly secretKey: string | null;
}

export interface SetupStep {
  readonly title: string;
  readonly code: string;
  /** Accessible name of the button that copies it. */
  readonly copyLabel: string;
}

export interface SetupClient {
  readonly id: "playhead" | "langfuse-js" | "langfuse-python" | "opentelemetry" | "collector";
  readonly name: string;
  readonly steps: readonly SetupStep[];
}

/**
 * What to paste, by client. All but Python's and the collector's is run as it stands here by
 * test/e2e/setup-snippets.test.ts, the collector's address and header are called there.
 */
export function setupClients(target: SetupTarget): readonly SetupClient[] {
  const { baseUrl, publicKey, secretKey } = target;
  const langfuseEnvironment: SetupStep = {
    title: "Point the environment at this studio",
    code: [
      `LANGFUSE_BASE_URL=${baseUrl}`,
      `LANGFUSE_PUBLIC_KEY=${publicKey}`,
      `LANGFUSE_SECRET_KEY=${secretKey ?? "<the secret key>"}`,
    ].join("\n"),
    copyLabel: "Copy the environment",
  };
  const credentials =
    secretKey === null
      ? `<base64 of ${publicKey}:secret key>`
      : base64(`${publicKey}:${secretKey}`);
  return [
    {
      id: "playhead",
      name: "playhead",
      steps: [install("npm install playhead"), langfuseEnvironment, trace(PLAYHEAD_CODE)],
    },
    {
      id: "langfuse-js",
      name: "@langfuse/*",
      steps: [
        install("npm install @langfuse/tracing @langfuse/otel @opentelemetry/sdk-trace-node"),
        langfuseEnvironment,
        trace(LANGFUSE_CODE),
      ],
    },
    {
      id: "langfuse-python",
      name: "Python langfuse",
      steps: [install("pip install langfuse"), langfuseEnvironment, trace(PYTHON_CODE)],
    },
    {
      id: "opentelemetry",
      name: "OpenTelemetry",
      steps: [
        install(
          "npm install @opentelemetry/api @opentelemetry/sdk-trace-node @opentelemetry/exporter-trace-otlp-proto",
        ),
        {
          title: "Point the exporter at this studio; any language reads these",
          code: [
            `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${baseUrl}/api/public/otel/v1/traces`,
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf",
            `OTEL_EXPORTER_OTLP_TRACES_HEADERS=Authorization=Basic%20${secretKey === null ? credentials : encodeURIComponent(credentials)}`,
          ].join("\n"),
          copyLabel: "Copy the environment",
        },
        trace(OPENTELEMETRY_CODE),
      ],
    },
    {
      id: "collector",
      name: "Collector",
      steps: [
        {
          title: "Add an exporter to the collector, and name it in the traces pipeline",
          code: [
            "exporters:",
            "  otlphttp/playhead:",
            `    endpoint: ${baseUrl}/api/public/otel`,
            "    headers:",
            `      Authorization: Basic ${credentials}`,
            "service:",
            "  pipelines:",
            "    traces:",
            "      receivers: [otlp]",
            "      exporters: [otlphttp/playhead]",
          ].join("\n"),
          copyLabel: "Copy the configuration",
        },
      ],
    },
  ];
}

function install(code: string): SetupStep {
  return { title: "Install", code, copyLabel: "Copy the install command" };
}

function trace(code: string): SetupStep {
  return { title: "Trace a conversation", code, copyLabel: "Copy the code" };
}

/** Of UTF-8, as HTTP's Basic scheme wants it where no charset is said. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

const PLAYHEAD_CODE = `import { observe, startAsCurrentGeneration, updateCurrentTrace } from "playhead";

const answer = observe(async function answer(question) {
  updateCurrentTrace({ sessionId: "my-first-session" });
  return startAsCurrentGeneration({ name: "reply", input: question }, async (generation) => {
    const reply = \`You said: \${question}\`; // call your model here
    generation.update({ model: "my-model", output: reply });
    return reply;
  });
});

await answer("Is anybody there?");`;

const LANGFUSE_CODE = `import { LangfuseSpanProcessor } from "@langfuse/otel";
import { propagateAttributes, startActiveObservation } from "@langfuse/tracing";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({ spanProcessors: [new LangfuseSpanProcessor()] });
provider.register();

async function answer(question) {
  return propagateAttributes({ sessionId: "my-first-session" }, () =>
    startActiveObservation("answer", async (span) => {
      const reply = await startActiveObservation(
        "reply",
        async (generation) => {
          const text = \`You said: \${question}\`; // call your model here
          generation.update({ model: "my-model", input: question, output: text });
          return text;
        },
        { asType: "generation" },
      );
      span.update({ input: question, output: reply });
      return reply;
    }),
  );
}

await answer("Is anybody there?");
await provider.shutdown();`;

const PYTHON_CODE = `from langfuse import get_client, observe, propagate_attributes

@observe(as_type="generation")
def reply(question):
    get_client().update_current_generation(model="my-model")
    return f"You said: {question}"  # call your model here

@observe()
def answer(question):
    with propagate_attributes(session_id="my-first-session"):
        return reply(question)

answer("Is anybody there?")
get_client().flush()`;

const OPENTELEMETRY_CODE = `import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
const tracer = trace.getTracer("my-app");

async function answer(question) {
  return tracer.startActiveSpan("chat my-model", async (span) => {
    const reply = \`You said: \${question}\`; // call your model here
    span.setAttributes({
      "gen_ai.conversation.id": "my-first-session",
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "my-model",
      "gen_ai.input.messages": JSON.stringify([{ role: "user", content: question }]),
      "gen_ai.output.messages": JSON.stringify([{ role: "assistant", content: reply }]),
    });
    span.end();
    return reply;
  });
}

await answer("Is anybody there?");
await provider.shutdown();`;
