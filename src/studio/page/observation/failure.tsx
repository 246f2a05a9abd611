import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ExceptionView, ObservationView } from "../../api/types";
import { cutText } from "../../conversation/json-text";
import { splitStack } from "../../conversation/stack-causes";
import { FoldedText } from "../chat/folded-text";
import { CopyButton } from "../parts/copy-button";
import { Fold } from "../parts/fold";

/** What went wrong: the status message, and each recorded exception with its stack. */
export function Failure({ observation }: { observation: ObservationView }): JSX.Element | null {
  const { statusMessage, exceptions, level } = observation;
  if (!statusMessage && exceptions.length === 0) return null;
  const isRepeated = exceptions.some((exception) => exception.message === statusMessage);
  return (
    <div class="failure" data-level={level} data-testid="failure">
      {statusMessage && !isRepeated && (
        <div class="failure-message">
          <FoldedText text={statusMessage} />
        </div>
      )}
      {exceptions.map((exception, index) => (
        <Exception key={index} exception={exception} />
      ))}
    </div>
  );
}

function Exception({ exception }: { exception: ExceptionView }): JSX.Element {
  const { type, message, stacktrace } = exception;
  const parts = useMemo(() => splitStack(stacktrace ?? ""), [stacktrace]);
  const own = parts.find((part) => part.title === null);
  const causes = parts.filter((part) => part !== own);
  return (
    <div class="exception">
      <p class="failure-type" dir="auto">
        {cutText([type, message].filter(Boolean).join(": "), 2_000)}
      </p>
      {stacktrace !== null && stacktrace !== "" && (
        <div class="stack" data-testid="stack">
          <CopyButton label="Copy the stack" text={() => stacktrace} />
          {own !== undefined && own.text !== "" && <FoldedText text={own.text} isCode />}
          {causes.map((part, index) => (
            <Fold key={index} label={cutText(part.title ?? "", 200)}>
              <FoldedText text={part.text} isCode />
            </Fold>
          ))}
        </div>
      )}
    </div>
  );
}
