import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { JsonValue, Turn } from "../../api/types";
import { type ChatMessage, chatMessages } from "../../conversation/chat-messages";
import { formatInteger } from "../../conversation/format";
import { splitTurnInput, withoutKnownFields } from "../../conversation/turn-text";
import { ChatMessages } from "../chat/chat-messages";
import { JsonTree } from "../chat/json-tree";
import { Fold } from "../parts/fold";
import { StepChips } from "./step-chips";

export interface TurnChatProps {
  readonly turn: Turn;
  readonly onOpenStep: (observationId: string) => void;
}

/** What the user said, what was looked up, what was answered; system prompt and history folded. */
export function TurnChat({ turn, onOpenStep }: TurnChatProps): JSX.Element {
  const { input, output, sessionId, userId, traceId } = turn;
  const asked = useMemo(() => {
    const messages = chatMessages(input, "input");
    const known = [sessionId, userId, traceId];
    return messages === null ? null : splitTurnInput(withoutKnownFields(messages, known));
  }, [input, sessionId, userId, traceId]);
  const answered = useMemo(() => chatMessages(output, "output"), [output]);
  return (
    <div class="chat">
      {asked === null ? (
        <Unspoken label="Input" value={input} tone="user" />
      ) : (
        <>
          <ChatMessages messages={asked.system} />
          <EarlierMessages messages={asked.earlier} />
          <ChatMessages messages={asked.current} userTestId="turn-user" />
        </>
      )}
      <StepChips turn={turn} onOpenStep={onOpenStep} />
      {answered === null ? (
        <Unspoken label="Output" value={output} tone="assistant" />
      ) : (
        <ChatMessages messages={answered} assistantTestId="turn-assistant" />
      )}
      {isEmpty(input) && isEmpty(output) && <p class="nothing">No input or output captured</p>}
    </div>
  );
}

/** An input or output that is not chat; nothing when there is none. */
function Unspoken(props: {
  label: string;
  value: JsonValue;
  tone: "user" | "assistant";
}): JSX.Element | null {
  if (isEmpty(props.value)) return null;
  return (
    <article
      class={`message message-${props.tone}`}
      data-testid={`turn-${props.tone}`}
      aria-label={props.label}
    >
      <JsonTree value={props.value} />
    </article>
  );
}

function EarlierMessages(props: { messages: readonly ChatMessage[] }): JSX.Element | null {
  const count = props.messages.length;
  if (count === 0) return null;
  return (
    <Fold label={count === 1 ? "1 earlier message" : `${formatInteger(count)} earlier messages`}>
      <ChatMessages messages={props.messages} hasRoles />
    </Fold>
  );
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === "";
}
