import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { JsonValue } from "../../api/types";
import type { ChatMessage, ChatPart, ChatRole } from "../../conversation/chat-messages";
import { formatInteger } from "../../conversation/format";
import { Fold } from "../parts/fold";
import { FoldedText } from "./folded-text";
import { JsonTree } from "./json-tree";
import { MediaFigure } from "./media-figure";

const ROLE_NAMES: Readonly<Record<ChatRole, string>> = {
  system: "System",
  user: "User",
  assistant: "Assistant",
  tool: "Tool",
};

/** More messages than this are shown on request. */
const FIRST_SHOWN = 60;

export interface ChatMessagesProps {
  readonly messages: readonly ChatMessage[];
  readonly userTestId?: string;
  readonly assistantTestId?: string;
  /** Whether each message says whose it is, not only the unexpected ones. */
  readonly hasRoles?: boolean;
  /** Characters of the last text that are there so far; null, as without it, for all. */
  readonly typedLength?: number | null;
}

export function ChatMessages(props: ChatMessagesProps): JSX.Element {
  const [shownCount, setShownCount] = useState(FIRST_SHOWN);
  const rest = props.messages.length - shownCount;
  const testIds: Partial<Record<ChatRole, string | undefined>> = {
    user: props.userTestId,
    assistant: props.assistantTestId,
  };
  return (
    <>
      {props.messages.slice(0, shownCount).map((message, index) => (
        <Message
          key={index}
          message={message}
          testId={testIds[message.role]}
          hasRole={props.hasRoles === true}
          typedLength={index === props.messages.length - 1 ? (props.typedLength ?? null) : null}
        />
      ))}
      {rest > 0 && (
        <button
          type="button"
          class="button"
          onClick={() => setShownCount(shownCount + 4 * FIRST_SHOWN)}
        >
          {formatInteger(rest)} more messages
        </button>
      )}
    </>
  );
}

function Message(props: {
  message: ChatMessage;
  testId: string | undefined;
  hasRole: boolean;
  typedLength: number | null;
}): JSX.Element {
  const { role, name, parts } = props.message;
  const content = parts.map((part, index) => (
    <Part
      key={index}
      part={part}
      isShort={role === "user"}
      typedLength={index === parts.length - 1 ? props.typedLength : null}
    />
  ));
  return (
    <article
      class={`message message-${role}`}
      data-testid={props.testId}
      aria-label={ROLE_NAMES[role]}
    >
      {role === "system" ? (
        <Fold label="System prompt">{content}</Fold>
      ) : (
        <>
          {(props.hasRole || name !== null) && (
            <p class="message-role">
              {ROLE_NAMES[role]}
              {name !== null && <span dir="auto"> {name}</span>}
            </p>
          )}
          {content}
        </>
      )}
    </article>
  );
}

function Part(props: {
  part: ChatPart;
  isShort: boolean;
  typedLength: number | null;
}): JSX.Element {
  const { part, isShort, typedLength } = props;
  switch (part.kind) {
    case "text":
      return <FoldedText text={part.text} isShort={isShort} typedLength={typedLength} />;
    case "reasoning":
      return (
        <Fold label="Reasoning">
          <FoldedText text={part.text} />
        </Fold>
      );
    case "tool-call":
      return <ToolCard label="calls" name={part.name} value={part.arguments} />;
    case "tool-result":
      return (
        <ToolCard label="returned" name={part.name ?? part.id ?? "tool"} value={part.content} />
      );
    case "media":
      return part.media === null ? (
        <p class="media">{part.label}</p>
      ) : (
        <MediaFigure media={part.media} label={part.label} />
      );
    case "json":
      return <JsonTree value={part.value} />;
    case "fields": {
      const names = Object.keys(part.value);
      const label = names.length <= 4 ? names.join(", ") : `${names.length} more fields`;
      return (
        <Fold label={label.slice(0, 120)}>
          <JsonTree value={part.value} />
        </Fold>
      );
    }
  }
}

function ToolCard(props: { label: string; name: string; value: JsonValue }): JSX.Element {
  return (
    <div class="tool-card" data-testid="tool-card">
      <p class="tool-card-head">
        <span class="tool-card-label">{props.label}</span> <code dir="auto">{props.name}</code>
      </p>
      {typeof props.value === "string" ? (
        <FoldedText text={props.value} isCode />
      ) : (
        <JsonTree value={props.value} />
      )}
    </div>
  );
}
