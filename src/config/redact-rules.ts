/** What `redact` finds without being told how it looks. */
export const REDACT_PRESETS = [
  "secrets",
  "email",
  "phone",
  "creditCard",
  "iban",
  "ipAddress",
] as const;

export type RedactPreset = (typeof REDACT_PRESETS)[number];

/** A pattern of your own. A text is found as it stands; a regular expression everywhere, with or without `g`. */
export interface RedactPattern {
  readonly pattern: string | RegExp;
  /** Stands in its place, as it is: `$1` means nothing. @default "[redacted]" */
  readonly replace?: string | undefined;
}

/** One entry of the option `redact`. */
export type RedactRule = RedactPreset | RedactPattern;
