import type { JSX } from "preact";
import { useStoredSetting } from "../stored-setting";

/** Longest name, in characters. */
const MAX_NAME_LENGTH = 100;

export interface OwnName {
  /** As typed. */
  readonly text: string;
  /** As it is sent; empty where none was given. */
  readonly sent: string;
  readonly set: (text: string) => void;
}

/** The name that the reader goes by in this studio: kept in the browser, the same in every sheet. */
export function useOwnName(): OwnName {
  const [text, set] = useStoredSetting("name", "", (stored) => stored);
  return { text, sent: text.trim().slice(0, MAX_NAME_LENGTH), set };
}

export interface NameFieldProps {
  readonly label: string;
  readonly name: OwnName;
  readonly class?: string;
}

export function NameField({ label, name, class: className }: NameFieldProps): JSX.Element {
  return (
    <label class={className}>
      <span>{label}</span>
      <input
        class="field"
        value={name.text}
        maxLength={MAX_NAME_LENGTH}
        autoComplete="off"
        placeholder="not given"
        onInput={(event) => name.set(event.currentTarget.value)}
      />
    </label>
  );
}
