import type { ComponentChildren, JSX } from "preact";

/** One figure of a `<dl class="stats">`. */
export function Stat({
  name,
  children,
}: {
  name: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
