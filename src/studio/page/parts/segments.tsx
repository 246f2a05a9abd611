import type { JSX } from "preact";

export interface Segment<Value extends string> {
  readonly value: Value;
  readonly text: string;
  readonly isDisabled?: boolean;
}

export interface SegmentsProps<Value extends string> {
  /** What is chosen here, for screen readers. */
  readonly label: string;
  readonly options: readonly Segment<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** A choice of one out of a few, all in sight. */
export function Segments<Value extends string>(props: SegmentsProps<Value>): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a frame and a legend of its own
    <span class="segments" role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          class="segment"
          aria-pressed={option.value === props.value}
          disabled={option.isDisabled}
          onClick={() => props.onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </span>
  );
}
