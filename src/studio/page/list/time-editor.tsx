import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { EditorProps } from "./filter-editors";
import {
  ALL_TIME,
  between,
  localMinute,
  parseLocalMinute,
  TIME_PRESETS,
  type TimePreset,
  type TimeRange,
} from "./time-range";

const PRESETS = Object.keys(TIME_PRESETS) as TimePreset[]; // its own keys

/** Sets the time range: a span that ends now, or two instants of the reader's time zone. */
export function TimeEditor({ state, onChange }: EditorProps): JSX.Element {
  const name = useId();
  const { time } = state;
  const set = (next: TimeRange): void => onChange({ ...state, time: next });
  const bounds = time.kind === "between" ? time : { fromMs: null, toMs: null };
  return (
    <>
      <ul class="options">
        <Preset
          name={name}
          label="All time"
          isChosen={time.kind === "all"}
          onChoose={() => set(ALL_TIME)}
        />
        {PRESETS.map((preset) => (
          <Preset
            key={preset}
            name={name}
            label={TIME_PRESETS[preset].label}
            isChosen={time.kind === "last" && time.preset === preset}
            onChoose={() => set({ kind: "last", preset })}
          />
        ))}
      </ul>
      <div class="fields">
        <Instant
          label="From"
          valueMs={bounds.fromMs}
          onChange={(fromMs) => set(between(fromMs, bounds.toMs))}
        />
        <Instant
          label="To"
          valueMs={bounds.toMs}
          onChange={(toMs) => set(between(bounds.fromMs, toMs))}
        />
      </div>
    </>
  );
}

interface PresetProps {
  readonly name: string;
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Preset({ name, label, isChosen, onChoose }: PresetProps): JSX.Element {
  return (
    <li>
      <label class="option">
        <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
        <span class="option-text">{label}</span>
      </label>
    </li>
  );
}

interface InstantProps {
  readonly label: string;
  readonly valueMs: number | null;
  readonly onChange: (valueMs: number | null) => void;
}

function Instant({ label, valueMs, onChange }: InstantProps): JSX.Element {
  const id = useId();
  return (
    <>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        class="field"
        value={localMinute(valueMs)}
        onChange={(event) => onChange(parseLocalMinute(event.currentTarget.value))}
      />
    </>
  );
}
