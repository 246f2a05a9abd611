/**
 * A question answered in steps, each a block with `using`: no callbacks, and each span ends where its
 * block does, however that is left. Says along the way which span is current.
 */

import {
  flush,
  getCurrentObservation,
  startAsCurrentGeneration,
  startAsCurrentSpan,
} from "playhead";

function say(text: string): void {
  console.log(`${getCurrentObservation()?.name ?? "nothing"}: ${text}`);
}

async function answer(question: string): Promise<string> {
  using root = startAsCurrentSpan({ name: "answer", input: question });
  root.updateTrace({ sessionId: "using-1" });

  // Functions that run at the same time: each has its own span, all are children of this one.
  const found = await Promise.all(["handbook", "forum"].map(search));
  say(`${found.length} searches are done`);

  const facts: string[] = [];
  for (const [index, fact] of found.entries()) {
    using _ = startAsCurrentSpan(`check ${index + 1}`);
    if (fact.includes("rumour")) continue; // ends the span, like every way out of the block
    facts.push(fact);
    say("is a fact");
  }

  const text = await generate(question, facts);
  root.update({ output: text });
  return text;
}

async function search(source: string): Promise<string> {
  await using span = startAsCurrentSpan({ name: `search ${source}`, input: source });
  say("begins");
  await new Promise((resolve) => setImmediate(resolve)); // your search
  const found = source === "forum" ? "There is a rumour." : "Water boils at 100 °C.";
  span.update({ output: found });
  say("is done");
  return found;
}

async function generate(question: string, facts: readonly string[]): Promise<string> {
  using generation = startAsCurrentGeneration({ name: "model", input: { question, facts } });
  try {
    const text = await callModel(facts);
    generation.update({ output: text });
    return text;
  } catch (error) {
    generation.recordError(error); // a block does not tell its disposable what it throws
    throw error;
  }
}

/** Stands in for your model. */
async function callModel(facts: readonly string[]): Promise<string> {
  if (facts.length > 1) throw new Error("too much to read");
  return `As far as I know: ${facts.join(" ")}`;
}

console.log(await answer("When does water boil?"));
say("is current after the block");

const { delivered, offered } = await flush();
console.log(`${delivered} of ${offered} spans delivered`);
