import { Playhead } from "../../src/client/playhead";

/** Sends two sessions: `chat-1` of ada in two turns, one of which failed, and `chat-2` of grace. */
export async function sendSupportSessions(baseUrl: string): Promise<void> {
  const client = new Playhead({
    baseUrl,
    publicKey: "pk-lf-a",
    secretKey: "sk-lf-a",
    logLevel: "silent",
  });
  const startMs = Date.parse("2026-11-20T10:00:00Z");
  const turn = (fields: {
    readonly atMs: number;
    readonly sessionId: string;
    readonly userId: string;
    readonly question: string;
    readonly answer: string;
    readonly error?: string;
  }): string => {
    const { atMs, question, answer, error } = fields;
    const root = client.startSpan({
      name: "support-turn",
      startTime: new Date(atMs),
      input: { messages: [{ role: "user", content: question }] },
    });
    root.updateTrace({
      name: "support",
      sessionId: fields.sessionId,
      userId: fields.userId,
      tags: ["beta", "support"],
      metadata: { plan: "pro" },
      release: "r-7",
    });
    const search = root.startObservation({
      name: "search-docs",
      asType: "retriever",
      startTime: new Date(atMs + 10),
      input: { query: question },
      output: ["install.md"],
      metadata: { note: "n".repeat(300), "top-k": 3 },
    });
    search.end(new Date(atMs + 60));
    const generation = root.startGeneration({
      name: "chat-completion",
      startTime: new Date(atMs + 60),
      completionStartTime: new Date(atMs + 300),
      model: "gpt-4o-mini",
      modelParameters: { temperature: 0.2 },
      input: [{ role: "user", content: question }],
      output: answer,
      usageDetails: { input: 812, output: 40 },
      costDetails: { total: 0.0021 },
      prompt: { name: "support", version: 3 },
      ...(error === undefined ? {} : { level: "ERROR", statusMessage: error }),
    });
    generation.score({ name: "helpful", value: 0.5, comment: "so so" });
    generation.end(new Date(atMs + 1_000));
    root.update({
      output: answer,
      ...(error === undefined ? {} : { level: "ERROR", statusMessage: error }),
    });
    root.end(new Date(atMs + 1_200));
    return root.traceId;
  };
  const ada = { sessionId: "chat-1", userId: "ada" };
  turn({
    ...ada,
    atMs: startMs,
    question: "Does it run on Node 18?",
    answer: "No, it needs Node 20.9.",
  });
  turn({
    ...ada,
    atMs: startMs + 8_000,
    question: "And on Deno?",
    answer: "",
    error: "rate limited",
  });
  const grace = { sessionId: "chat-2", userId: "grace" };
  turn({
    ...grace,
    atMs: startMs + 3_600_000,
    question: "How do I install it?",
    answer: "npm install playhead",
  });
  client.createScore({ name: "resolved", value: true, dataType: "BOOLEAN", sessionId: "chat-1" });
  await client.shutdown();
}
