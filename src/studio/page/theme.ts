import { useState } from "preact/hooks";
import { readSetting, writeSetting } from "./stored-setting";

export type Theme = "system" | "light" | "dark";

const SETTING = "theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

/** Applies the remembered theme. To be called before the first render. */
export function startTheme(): void {
  apply(storedTheme());
}

/** The chosen theme and a step to the next: as the system has it, light, dark. */
export function useTheme(): { readonly theme: Theme; readonly toggle: () => void } {
  const [theme, setTheme] = useState(storedTheme);
  const toggle = (): void => {
    const next = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system";
    apply(next);
    setTheme(next);
    writeSetting(SETTING, next);
  };
  return { theme, toggle };
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

function storedTheme(): Theme {
  const stored = readSetting(SETTING);
  return ORDER.find((theme) => theme === stored) ?? "system";
}
