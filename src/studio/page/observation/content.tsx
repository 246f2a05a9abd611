import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { JsonValue } from "../../api/types";
import { chatMessages, type Direction } from "../../conversation/chat-messages";
import { prettyJson } from "../../conversation/pretty-json";
import { ChatMessages } from "../chat/chat-messages";
import { FoldedText } from "../chat/folded-text";
import { JsonTree } from "../chat/json-tree";
import { CopyButton } from "../parts/copy-button";
import { Segments } from "../parts/segments";
import { useStoredSetting } from "../stored-setting";

export interface ContentProps {
  readonly title: string;
  readonly value: JsonValue;
  readonly direction: Direction;
}

const FORMS = ["chat", "tree", "raw"] as const;
type Form = (typeof FORMS)[number];

/**
 * The input or output of an observation as chat, as a tree or as text. The choice is remembered for
 * inputs and for outputs; what is no chat is a tree where chat was chosen.
 */
export function Content({ title, value, direction }: ContentProps): JSX.Element | null {
  const messages = useMemo(() => chatMessages(value, direction), [value, direction]);
  const [chosen, setChosen] = useStoredSetting<Form>(
    `form-of-${direction}`,
    "chat",
    (text) => FORMS.find((form) => form === text) ?? null,
  );
  const text = useMemo(
    () => (chosen === "raw" && value !== null ? asText(value) : ""),
    [chosen, value],
  );
  if (value === null) return null;
  const form = chosen === "chat" && messages === null ? "tree" : chosen;
  return (
    <section class="detail-section" data-testid={`detail-${direction}`}>
      <div class="detail-section-head">
        <h4>{title}</h4>
        <Segments
          label={`Show the ${title.toLowerCase()} as`}
          options={[
            { value: "chat", text: "Chat", isDisabled: messages === null },
            { value: "tree", text: "Tree" },
            { value: "raw", text: "Raw" },
          ]}
          value={form}
          onChange={setChosen}
        />
        <CopyButton label={`Copy the ${title.toLowerCase()}`} text={() => asText(value)} />
      </div>
      {form === "chat" && messages !== null && (
        <div class="chat chat-small">
          <ChatMessages messages={messages} hasRoles={messages.length > 1} />
        </div>
      )}
      {form === "tree" && <JsonTree value={value} />}
      {form === "raw" && <FoldedText text={text} isCode />}
    </section>
  );
}

function asText(value: JsonValue): string {
  return typeof value === "string" ? value : prettyJson(value);
}
