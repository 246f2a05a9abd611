import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { CloseIcon } from "../parts/icons";
import { ChevronIcon } from "./list-icons";

export interface FilterMenuProps {
  readonly label: string;
  /** What is chosen, in few words; null when nothing is. */
  readonly summary: string | null;
  readonly onClear: () => void;
  /** Built only while the menu is open. */
  readonly children: ComponentChildren;
}

/** A chip that says what a filter is set to, clears it, and opens the panel that sets it. */
export function FilterMenu({ label, summary, onClear, children }: FilterMenuProps): JSX.Element {
  return (
    <Menu
      label={label}
      isActive={summary !== null}
      caption={
        <>
          {label}
          {summary !== null && (
            <span class="chip-value" dir="auto">
              {summary}
            </span>
          )}
          <ChevronIcon />
        </>
      }
      after={
        summary !== null && (
          <button type="button" class="chip-clear" aria-label={`Clear ${label}`} onClick={onClear}>
            <CloseIcon />
          </button>
        )
      }
    >
      {children}
    </Menu>
  );
}

export interface MenuProps {
  /** Accessible name of the panel. */
  readonly label: string;
  readonly caption: ComponentChildren;
  readonly children: ComponentChildren;
  readonly after?: ComponentChildren;
  readonly isActive?: boolean;
  readonly align?: "start" | "end";
}

/** A button and a panel below it, which closes by Escape, a click beside it, or when the focus leaves. */
export function Menu(props: MenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();

  // Not an effect after the paint, which would take the focus back from a field chosen meanwhile.
  useLayoutEffect(() => {
    if (!isOpen) return;
    if (panel.current !== null) {
      moveIntoWindow(panel.current);
      // The panel itself where its values are not there yet: the tabulator key goes on from there.
      (panel.current.querySelector<HTMLElement>("input, select") ?? panel.current).focus();
    }
    const closeBeside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", closeBeside);
    document.addEventListener("focusin", closeBeside);
    return () => {
      document.removeEventListener("pointerdown", closeBeside);
      document.removeEventListener("focusin", closeBeside);
    };
  }, [isOpen]);

  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault();
    setOpen(false);
    button.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the Escape of what it contains
    <div ref={root} class="menu" onKeyDown={closeByKey}>
      <span class="chip" data-active={props.isActive ? "" : undefined}>
        <button
          ref={button}
          type="button"
          class="chip-button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          {props.caption}
        </button>
        {props.after}
      </span>
      {isOpen && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that shows
        <div
          ref={panel}
          id={id}
          class="menu-panel"
          data-align={props.align ?? "start"}
          role="group"
          aria-label={props.label}
          tabIndex={-1}
        >
          {props.children}
        </div>
      )}
    </div>
  );
}

/** A panel that would stand out of the window at a side moves back into it. */
function moveIntoWindow(panel: HTMLElement): void {
  const { left, right } = panel.getBoundingClientRect();
  const excess = right + 8 - document.documentElement.clientWidth;
  const shift = excess > 0 ? -excess : Math.max(0, 8 - left);
  if (shift !== 0) panel.style.translate = `${shift}px 0`;
}
