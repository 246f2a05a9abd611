import { useState } from "preact/hooks";

/**
 * A choice of the reader that outlasts the visit, kept under `playhead.<name>`.
 * @param parse - gives null for a text that is none of the choices
 */
export function useStoredSetting<Value extends string | number>(
  name: string,
  fallback: Value,
  parse: (text: string) => Value | null,
): readonly [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => {
    const text = readSetting(name);
    return (text === null ? null : parse(text)) ?? fallback;
  });
  const change = (next: Value): void => {
    setValue(next);
    writeSetting(name, String(next));
  };
  return [value, change];
}

/** What is kept under `playhead.<name>`; null where nothing is. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(`playhead.${name}`);
  } catch {
    return null; // storage may be forbidden
  }
}

export function writeSetting(name: string, text: string): void {
  try {
    localStorage.setItem(`playhead.${name}`, text);
  } catch {
    // storage may be forbidden; the choice then holds until the page is left
  }
}
