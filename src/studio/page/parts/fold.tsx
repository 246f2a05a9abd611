import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Caret } from "./icons";

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
