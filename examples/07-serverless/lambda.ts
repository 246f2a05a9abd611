import { flush, observe, startAsCurrentGeneration, updateCurrentTrace } from "playhead";

/** What the function is invoked with. */
export interface QuestionEvent {
  readonly sessionId: string;
  readonly question: string;
}

const answer = observe(async function answer({ sessionId, question }: QuestionEvent) {
  updateCurrentTrace({ sessionId });
  return startAsCurrentGeneration({ name: "model", input: question }, async (generation) => {
    const text = `You asked: ${question}`; // your model call
    generation.update({ output: text });
    return text;
  });
});

/**
 * A Lambda-style handler. The runtime freezes the process once the result is there: what is not
 * delivered by then may wait for hours, so it is flushed before, for two seconds at most.
 */
export async function handler(event: QuestionEvent): Promise<{ statusCode: number; body: string }> {
  try {
    return { statusCode: 200, body: await answer(event) };
  } finally {
    await flush({ timeoutMs: 2_000 });
  }
}
