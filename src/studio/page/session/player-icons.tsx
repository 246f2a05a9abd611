import type { ComponentChildren, JSX } from "preact";

export function PlayIcon(): JSX.Element {
  return (
    <Solid>
      <path d="M4.5 2.6v10.8c0 .5.5.8.9.5l8.3-5.4c.4-.2.4-.8 0-1L5.4 2.1c-.4-.3-.9 0-.9.5z" />
    </Solid>
  );
}

export function PauseIcon(): JSX.Element {
  return (
    <Solid>
      <rect x="3.5" y="2.5" width="3.4" height="11" rx="1" />
      <rect x="9.1" y="2.5" width="3.4" height="11" rx="1" />
    </Solid>
  );
}

/** A turn back, mirrored for a turn ahead. */
export function TurnIcon({ isNext }: { isNext: boolean }): JSX.Element {
  return (
    <Solid isMirrored={isNext}>
      <path d="M12.5 3.4v9.2c0 .5-.5.7-.9.5L5.2 8.5c-.3-.2-.3-.7 0-1l6.4-4.6c.4-.2.9 0 .9.5z" />
      <rect x="2.6" y="2.8" width="1.8" height="10.4" rx=".7" />
    </Solid>
  );
}

/** An event back, mirrored for an event ahead. */
export function StepIcon({ isNext }: { isNext: boolean }): JSX.Element {
  return (
    <Solid isMirrored={isNext}>
      <circle cx="3.6" cy="8" r="1.7" />
      <path
        d="M13 8H7.5M9.6 5.4 7 8l2.6 2.6"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </Solid>
  );
}

function Solid(props: { children: ComponentChildren; isMirrored?: boolean }): JSX.Element {
  return (
    <svg
      class="glyph"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="currentColor"
      aria-hidden="true"
    >
      {props.isMirrored === true ? (
        <g transform="matrix(-1 0 0 1 16 0)">{props.children}</g>
      ) : (
        props.children
      )}
    </svg>
  );
}
