import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { JsonValue, Turn } from "../../api/types";
import { type ChatMessage, chatMessages } from "../../conversation/chat-messages";
import { formatInteger } from "../../conversation/format";
import { splitTurnInput, withoutKnownFields } from "../../conversation/turn-text";
import { type AnswerPace, answerPace } from "../../playback/answer-pace";
import { reveal, spokenLength } from "../../playback/reveal";
import { ChatMessages } from "../chat/chat-messages";
import { JsonTree } from "../chat/json-tree";
import { Fold } from "../parts/fold";
import { Hidden } from "../parts/hidden";
import { StepChips } from "./step-chips";

export interface TurnChatProps {
  readonly turn: Turn;
  readonly onOpenStep: (observationId: string) => void;
  /** How much of the turn has happened, in milliseconds; null for all. */
  readonly elapsedMs: number | null;
  /** Whether the answer appears whole instead of being typed. */
  readonly isStill: boolean;
}

/** What the user said, what was looked up, what was answered; system prompt and history folded. */
export function TurnChat(props: TurnChatProps): JSX.Element {
  const { turn, onOpenStep, elapsedMs, isStill } = props;
  const { input, output, sessionId, userId, traceId } = turn;
  const asked = useMemo(() => {
    const messages = chatMessages(input, "input");
    const known = [sessionId, userId, traceId];
    return messages === null ? null : splitTurnInput(withoutKnownFields(messages, known));
  }, [input, sessionId, userId, traceId]);
  const answered = useMemo(() => chatMessages(output, "output"), [output]);
  const pace = useMemo(() => answerPace(turn, spokenLength(answered ?? [])), [turn, answered]);
  const hasBegun = elapsedMs === null || elapsedMs >= (isStill ? pace.lastMs : pace.firstMs);
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
      <StepChips turn={turn} elapsedMs={elapsedMs} onOpenStep={onOpenStep} />
      {!hasBegun && <Waiting />}
      {hasBegun && answered === null && <Unspoken label="Output" value={output} tone="assistant" />}
      {hasBegun && answered !== null && (
        <Answer messages={answered} pace={pace} elapsedMs={isStill ? null : elapsedMs} />
      )}
      {isEmpty(input) && isEmpty(output) && <p class="nothing">No input or output captured</p>}
    </div>
  );
}

/** The answer as far as it was written. */
function Answer(props: {
  messages: readonly ChatMessage[];
  pace: AnswerPace;
  elapsedMs: number | null;
}): JSX.Element {
  const { messages, pace, elapsedMs } = props;
  const length = elapsedMs === null ? null : pace.lengthAt(elapsedMs);
  const revealed = useMemo(
    () => (length === null ? { messages, typedLength: null } : reveal(messages, length)),
    [messages, length],
  );
  return (
    <ChatMessages
      messages={revealed.messages}
      typedLength={revealed.typedLength}
      assistantTestId="turn-assistant"
    />
  );
}

/** Stands where the answer will. */
function Waiting(): JSX.Element {
  return (
    <p class="waiting" data-testid="turn-waiting">
      <Hidden>No answer yet</Hidden>
      <span aria-hidden="true" />
      <span aria-hidden="true" />
      <span aria-hidden="true" />
    </p>
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
