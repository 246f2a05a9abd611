import type { ComponentChildren, JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Turn } from "../../api/types";
import { type ChatMessage, chatMessages } from "../../conversation/chat-messages";
import { formatInteger } from "../../conversation/format";
import { splitTurnInput } from "../../conversation/turn-text";
import { ChatMessages } from "../chat/chat-messages";
import { JsonTree } from "../chat/json-tree";
import { Caret } from "../parts/icons";

export interface TurnChatProps {
  readonly turn: Turn;
  readonly onOpenStep: (observationId: string) => void;
}

/** What the user said in a turn and what was answered; earlier messages and system prompts folded. */
export function TurnChat({ turn }: TurnChatProps): JSX.Element {
  const input = useMemo(() => {
    const messages = chatMessages(turn.input, "input");
    return messages === null ? null : splitTurnInput(messages);
  }, [turn.input]);
  const output = useMemo(() => chatMessages(turn.output, "output"), [turn.output]);
  return (
    <div class="chat">
      {input === null ? (
        <Unspoken label="Input" value={turn.input} testId="turn-user" tone="user" />
      ) : (
        <>
          <FoldedMessages label="System prompt" messages={input.system} />
          <FoldedMessages
            label={`${formatInteger(input.earlier.length)} earlier ${input.earlier.length === 1 ? "message" : "messages"}`}
            messages={input.earlier}
          />
          <ChatMessages messages={input.current} userTestId="turn-user" />
        </>
      )}
      {output === null ? (
        <Unspoken label="Output" value={turn.output} testId="turn-assistant" tone="assistant" />
      ) : (
        <ChatMessages messages={output} assistantTestId="turn-assistant" />
      )}
    </div>
  );
}

/** An input or output that is not chat; nothing when there is none. */
function Unspoken(props: {
  label: string;
  value: Turn["input"];
  testId: string;
  tone: "user" | "assistant";
}): JSX.Element | null {
  if (props.value === null || props.value === "") return null;
  return (
    <section
      class={`message message-${props.tone}`}
      data-testid={props.testId}
      aria-label={props.label}
    >
      <JsonTree value={props.value} />
    </section>
  );
}

function FoldedMessages(props: {
  label: string;
  messages: readonly ChatMessage[];
}): JSX.Element | null {
  if (props.messages.length === 0) return null;
  return (
    <Fold label={props.label}>
      <ChatMessages messages={props.messages} />
    </Fold>
  );
}

/** Content that is built only once it is asked for. */
export function Fold(props: { label: string; children: ComponentChildren }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="fold">
      <button
        type="button"
        class="fold-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Caret />
        {props.label}
      </button>
      {isOpen && <div class="fold-body">{props.children}</div>}
    </div>
  );
}
