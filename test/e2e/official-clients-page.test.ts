import { LangfuseClient } from "@langfuse/client";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import {
  createTraceId,
  propagateAttributes,
  setLangfuseTracerProvider,
  startActiveObservation,
} from "@langfuse/tracing";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { Langfuse } from "langfuse";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PublicSessionWithTraces } from "../../src/studio/api/public-types";
import { launchBrowser } from "../support/browser";
import { openStudio, type TestStudio } from "./support/studio";
import { openPage } from "./support/studio-page";

let browser: Browser;
let studio: TestStudio;
beforeAll(async () => {
  browser = await launchBrowser();
  studio = await openStudio({}, afterAll);
});
afterAll(() => browser?.close());

const KEYS = { publicKey: "any", secretKey: "any" };

/** One turn: its question, answer and model are named after the client, and it has a score of 4. */
interface Sender {
  readonly client: string;
  send(baseUrl: string): Promise<void>;
}

const questionOf = (client: string): string => `What does ${client} ask?`;
const answerOf = (client: string): string => `This is what ${client} got.`;
const modelOf = (client: string): string => `model-of-${client.replace(/\W/g, "-")}`;

async function score(baseUrl: string, traceId: string): Promise<void> {
  const client = new LangfuseClient({ baseUrl, ...KEYS });
  client.score.create({ traceId, name: "stars", value: 4 });
  await client.flush();
}

/** In the conventions of OpenTelemetry: nothing here is Langfuse's. */
async function sendByOpenTelemetry(
  client: string,
  baseUrl: string,
  exporter: SpanExporter,
): Promise<void> {
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const attributes = {
    "session.id": client,
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": modelOf(client),
    "gen_ai.input.messages": JSON.stringify([
      { role: "user", parts: [{ type: "text", content: questionOf(client) }] },
    ]),
    "gen_ai.output.messages": JSON.stringify([
      { role: "assistant", parts: [{ type: "text", content: answerOf(client) }] },
    ]),
  };
  const span = provider.getTracer("an-application").startSpan("chat", { attributes });
  span.end();
  await provider.shutdown();
  const { traceId } = span.spanContext();
  await score(baseUrl, traceId);
}

const SENDERS: readonly Sender[] = [
  {
    client: "@langfuse/tracing, @langfuse/otel and @langfuse/client",
    async send(baseUrl) {
      const processor = new LangfuseSpanProcessor({ ...KEYS, baseUrl });
      const provider = new NodeTracerProvider({ spanProcessors: [processor] });
      provider.register();
      setLangfuseTracerProvider(provider);
      const traceId = await propagateAttributes({ sessionId: this.client }, () =>
        startActiveObservation(
          "chat",
          (generation) => {
            generation.update({
              model: modelOf(this.client),
              input: questionOf(this.client),
              output: answerOf(this.client),
            });
            return generation.traceId;
          },
          { asType: "generation" },
        ),
      );
      await provider.shutdown();
      await score(baseUrl, traceId);
    },
  },
  {
    client: "langfuse 3",
    async send(baseUrl) {
      const langfuse = new Langfuse({ ...KEYS, baseUrl });
      const turn = langfuse.trace({
        id: await createTraceId(this.client),
        name: "chat",
        sessionId: this.client,
        input: questionOf(this.client),
        output: answerOf(this.client),
      });
      turn
        .generation({
          name: "answer",
          model: modelOf(this.client),
          input: questionOf(this.client),
        })
        .end({ output: answerOf(this.client) });
      turn.score({ name: "stars", value: 4 });
      await langfuse.shutdownAsync();
    },
  },
  {
    client: "exporter-trace-otlp-http",
    send(baseUrl) {
      const url = `${baseUrl}/api/public/otel/v1/traces`;
      return sendByOpenTelemetry(this.client, baseUrl, new JsonExporter({ url }));
    },
  },
  {
    client: "exporter-trace-otlp-proto",
    send(baseUrl) {
      const url = `${baseUrl}/v1/traces`;
      return sendByOpenTelemetry(this.client, baseUrl, new ProtobufExporter({ url }));
    },
  },
];

it.each(SENDERS)("what $client sends is read back, and seen on the page", async (sender) => {
  const { client } = sender;
  await sender.send(studio.url);

  const id = encodeURIComponent(client);
  const { traces } = await studio.read<PublicSessionWithTraces>(`/api/public/sessions/${id}`);
  expect(traces.map(({ sessionId }) => sessionId)).toEqual([client]);
  const observations = await studio.observations({ sessionId: client });
  const call = observations.find(({ type }) => type === "GENERATION");
  expect(call).toMatchObject({ model: modelOf(client) });
  expect(call?.input).toContain(questionOf(client));
  expect(call?.output).toContain(answerOf(client));

  const { page, complaints, close } = await openPage(browser, `${studio.url}/sessions/${id}`, {
    width: 1440,
    height: 900,
    colorScheme: "light",
  });
  await page.getByText(questionOf(client)).first().waitFor();
  await page.getByText(answerOf(client)).first().waitFor();
  await page.getByText(modelOf(client)).first().waitFor();
  expect(await page.getByTestId("score-badge").first().textContent()).toBe("stars4");
  expect(complaints).toEqual([]);
  await close();
});

it("all of them stand in the list, found by what was asked", async () => {
  for (const { client } of SENDERS) {
    const path = `/?q=${encodeURIComponent(modelOf(client))}`;
    const { page, close } = await openPage(browser, studio.url + path, {
      width: 1440,
      height: 900,
      colorScheme: "dark",
    });
    await page.getByText(questionOf(client)).first().waitFor();
    await close();
  }
});
