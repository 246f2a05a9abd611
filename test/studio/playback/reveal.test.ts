import { expect, it } from "vitest";
import type { ChatMessage } from "../../../src/studio/conversation/chat-messages";
import { reveal, spokenLength } from "../../../src/studio/playback/reveal";

const CALL = { kind: "tool-call", id: null, name: "look", arguments: {} } as const;
const ANSWER: readonly ChatMessage[] = [
  { role: "assistant", name: null, parts: [{ kind: "text", text: "Let me see." }, CALL] },
  { role: "assistant", name: null, parts: [{ kind: "text", text: "Here." }] },
];

it("counts the words of an answer", () => {
  expect(spokenLength(ANSWER)).toBe(16);
});

it.each([
  [0, [], null],
  [3, [["text"]], 3],
  [11, [["text", "tool-call"]], null],
  [12, [["text", "tool-call"], ["text"]], 1],
  [16, [["text", "tool-call"], ["text"]], null],
])("after %d characters shows %j, the last text up to %j", (length, kinds, typedLength) => {
  const revealed = reveal(ANSWER, length);
  expect(revealed.messages.map(({ parts }) => parts.map(({ kind }) => kind))).toEqual(kinds);
  expect(revealed.typedLength).toBe(typedLength);
});

it("shows what has no words at once", () => {
  const messages: ChatMessage[] = [{ role: "assistant", name: null, parts: [CALL] }];
  expect(reveal(messages, 0)).toEqual({ messages, typedLength: null });
});
