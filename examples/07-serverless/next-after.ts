import { flush, observe, updateCurrentTrace } from "playhead";

/** `after` of "next/server", or `waitUntil` of other platforms: work that goes on after the answer. */
export type After = (work: () => Promise<unknown>) => void;

const answer = observe(async function answer(question: string) {
  return `You asked: ${question}`; // your model call
});

/**
 * A Next.js route handler. The user has the answer at once; the platform keeps the function alive
 * until the flush is done. In an app: `import { after } from "next/server"` and
 * `export const POST = createRoute(after)`.
 */
export function createRoute(after: After): (request: Request) => Promise<Response> {
  return async (request) => {
    after(() => flush());
    const { question, sessionId } = (await request.json()) as {
      question: string;
      sessionId: string;
    };
    const route = observe({ name: "POST /api/chat" })(async () => {
      updateCurrentTrace({ sessionId });
      return answer(question);
    });
    return Response.json({ answer: await route() });
  };
}
