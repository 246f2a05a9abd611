/**
 * What observe() takes: functions, whose calls are named and recorded as you say, generators, and
 * classes. What it gives behaves as before.
 */

import { flush, observe, updateCurrentTrace } from "playhead";

interface User {
  readonly id: string;
  readonly password: string;
}

// Several arguments are recorded by the names of their parameters: {"query":…,"limit":…}.
const search = observe(
  function search(query: string, limit = 3): string[] {
    return ["observe() keeps types", "observe() keeps this", "observe() keeps members"]
      .filter((line) => line.includes(query))
      .slice(0, limit);
  },
  { asType: "retriever", name: (query) => `search "${query}"` },
);

// The password is in no trace: what is recorded is picked from the arguments.
const signIn = observe(
  async function signIn(user: User): Promise<string> {
    return `token of ${user.id} ${user.password.length}`;
  },
  { captureInput: ({ id }) => ({ id }), captureOutput: false },
);

// A generator is observed until it has ended; its chunks are joined.
const speak = observe(
  async function* speak(lines: readonly string[]) {
    for (const line of lines) yield `${line}. `;
  },
  { asType: "generation", model: "echo-1" },
);

// Each `new Conversation()` is an observation, too.
const Conversation = observe(
  class Conversation {
    readonly #turns: string[] = [];
    readonly id: string;

    constructor(id: string) {
      this.id = id;
    }

    add(turn: string): number {
      return this.#turns.push(turn);
    }
  },
);

const handle = observe(async function handle(user: User, question: string): Promise<string> {
  updateCurrentTrace({ sessionId: "wrapper-1", userId: user.id });
  await signIn(user);
  const conversation = new Conversation("wrapper-1");
  let answer = "";
  for await (const chunk of speak(search(question, 2))) answer += chunk;
  conversation.add(answer);
  return answer.trim();
});

console.log(await handle({ id: "ann", password: "hunter2" }, "keeps"));
console.log(`${search.name} takes ${search.length} argument or more`);
const { delivered, offered } = await flush();
console.log(`${delivered} of ${offered} spans delivered`);
