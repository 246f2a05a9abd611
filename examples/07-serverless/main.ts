/**
 * Runs both handlers as their platforms do, and ends the way a frozen function does: at once, with
 * nothing left to run. What had not been delivered by then would be missing.
 */

import { stats } from "playhead";
import { handler } from "./lambda";
import { createRoute } from "./next-after";

const lambdaAnswer = await handler({ sessionId: "serverless-1", question: "Why is it cold?" });
console.log(lambdaAnswer.body);

const afterwards: (() => Promise<unknown>)[] = [];
const post = createRoute((work) => afterwards.push(work));
const response = await post(
  new Request("http://localhost/api/chat", {
    method: "POST",
    body: JSON.stringify({ sessionId: "serverless-1", question: "And now?" }),
  }),
);
console.log(((await response.json()) as { answer: string }).answer);
for (const work of afterwards) await work();

const { offered, delivered } = stats();
console.log(`${delivered} of ${offered} spans delivered`);
process.exit(delivered === offered ? 0 : 1);
