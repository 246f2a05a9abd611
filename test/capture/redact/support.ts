import { createTextRedactor } from "../../../src/capture/redact/redact-text";
import type { RedactPreset } from "../../../src/config/redact-rules";

/** Checks one preset by lines in which what is to be found stands in «guillemets». */
export function redactionOf(preset: RedactPreset, mark: string) {
  const redact = createTextRedactor([preset]);
  return {
    redact,
    /** @returns the text without guillemets, and what redacting it must give */
    read(line: string): { text: string; expected: string } {
      return {
        text: line.replace(/[«»]/g, ""),
        expected: line.replace(/«[^»]*»/g, mark),
      };
    },
  };
}
