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
  const key = `playhead.${name}`;
  const [value, setValue] = useState<Value>(() => {
    const text = read(key);
    return (text === null ? null : parse(text)) ?? fallback;
  });
  const change = (next: Value): void => {
    setValue(next);
    try {
      localStorage.setItem(key, String(next));
    } catch {
      // storage may be forbidden; the choice then holds until the page is left
    }
  };
  return [value, change];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be forbidden
  }
}
