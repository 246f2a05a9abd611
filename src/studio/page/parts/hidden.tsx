import type { ComponentChildren, JSX } from "preact";

/** Text for screen readers alone. */
export function Hidden({ children }: { children: ComponentChildren }): JSX.Element {
  return <span class="visually-hidden">{children}</span>;
}
