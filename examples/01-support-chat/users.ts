import { randomUUID } from "node:crypto";
import type { Caller } from "./auth";

export interface Line {
  readonly message: string;
  readonly attachment?: string;
  /** The thumb the user gives to the answer. */
  readonly feedback?: { readonly value: 0 | 1; readonly comment: string };
}

export interface User {
  readonly caller: Caller;
  readonly lines: readonly Line[];
}

const newConversation = (): string => `support-${randomUUID().slice(0, 8)}`;

export const users: readonly User[] = [
  {
    caller: { userId: "ada", plan: "team", conversationId: newConversation() },
    lines: [
      { message: "Hi! Our servers still run Node 18.19. Is that supported?" },
      { message: "Good to know, we upgrade next week. How do I install Playhead?" },
      {
        message:
          "We only know the session id after authentication. Do spans that ended before carry it?",
        feedback: { value: 1, comment: "Exactly what I needed" },
      },
      {
        message: "Here is our lock file. Did we get the right version?",
        attachment: "package-lock.json",
      },
      { message: "Never mind the file. What happens to spans while the endpoint is down?" },
    ],
  },
  {
    caller: { userId: "grace", plan: "free", conversationId: newConversation() },
    lines: [
      { message: "How do I start the studio? I have no Langfuse account." },
      { message: "My script exits and nothing arrives. What did I forget?" },
      { message: "Later we want to send to our own Langfuse deployment. What do I set?" },
      { message: "And is Bun 1.2 fine too?" },
      {
        message: "What is the monthly price of phone support?",
        feedback: { value: 0, comment: "I hoped for a number" },
      },
    ],
  },
];
