import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { JsonValue } from "../../api/types";
import { chatMessages, type Direction } from "../../conversation/chat-messages";
import { ChatMessages } from "../chat/chat-messages";
import { JsonTree } from "../chat/json-tree";
import { CopyButton } from "../parts/copy-button";

export interface ContentProps {
  readonly title: string;
  readonly value: JsonValue;
  readonly direction: Direction;
}

/** The input or output of an observation: as chat where it is chat, and always as JSON. */
export function Content({ title, value, direction }: ContentProps): JSX.Element | null {
  const messages = useMemo(() => chatMessages(value, direction), [value, direction]);
  const [isRaw, setRaw] = useState(false);
  if (value === null) return null;
  const copied = (): string => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return (
    <section class="detail-section">
      <div class="detail-section-head">
        <h4>{title}</h4>
        {messages !== null && typeof value !== "string" && (
          <button type="button" class="switch" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
            {isRaw ? "Show as chat" : "Show as JSON"}
          </button>
        )}
        <CopyButton label={`Copy the ${title.toLowerCase()}`} text={copied} />
      </div>
      {messages !== null && !isRaw ? (
        <div class="chat chat-small">
          <ChatMessages messages={messages} hasRoles={messages.length > 1} />
        </div>
      ) : (
        <JsonTree value={value} />
      )}
    </section>
  );
}
