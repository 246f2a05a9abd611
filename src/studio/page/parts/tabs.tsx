import type { ComponentChildren, JSX } from "preact";
import { useId, useRef } from "preact/hooks";

export interface Tab {
  readonly id: string;
  readonly name: string;
}

export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly selectedId: string;
  readonly onSelect: (id: string) => void;
  /** Of the selected tab. */
  readonly children: ComponentChildren;
}

/**
 * Tabs that open when the focus comes to them.
 * Spec: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function Tabs({ label, tabs, selectedId, onSelect, children }: TabsProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const place = tabs.findIndex((tab) => tab.id === selectedId);
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted: Readonly<Record<string, number>> = {
      ArrowLeft: (place - 1 + tabs.length) % tabs.length,
      ArrowRight: (place + 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const next = Object.hasOwn(wanted, event.key) ? wanted[event.key] : undefined;
    const tab = tabs[next ?? -1];
    if (next === undefined || tab === undefined) return;
    event.preventDefault();
    onSelect(tab.id);
    const button = list.current?.children[next];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${prefix}-${tab.id}`}
            type="button"
            class="tab"
            role="tab"
            aria-selected={tab.id === selectedId}
            aria-controls={`${prefix}-panel`}
            tabIndex={tab.id === selectedId ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div
        id={`${prefix}-panel`}
        class="tab-panel"
        role="tabpanel"
        aria-labelledby={`${prefix}-${selectedId}`}
      >
        {children}
      </div>
    </div>
  );
}
