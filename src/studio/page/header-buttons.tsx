import type { JSX } from "preact";
import { ThemeIcon } from "./parts/icons";
import { useTheme } from "./theme";

/** What every page has at the end of its header: the theme, and the list of keys. */
export function HeaderButtons({ onHelp }: { onHelp: () => void }): JSX.Element {
  const { theme, toggle } = useTheme();
  return (
    <>
      <button
        type="button"
        class="icon-button"
        onClick={toggle}
        aria-label={`Theme: ${theme}. Change`}
        title={`Theme: ${theme}`}
      >
        <ThemeIcon theme={theme} />
      </button>
      <button
        type="button"
        class="icon-button help-button"
        onClick={onHelp}
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts"
      >
        ?
      </button>
    </>
  );
}
