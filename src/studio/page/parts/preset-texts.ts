import type { RedactPreset } from "../../../config/redact-rules";

/** What each preset takes out, in words. */
export const PRESET_TEXTS: Readonly<Record<RedactPreset, string>> = {
  secrets: "Keys and passwords",
  email: "E-mail addresses",
  phone: "Phone numbers",
  creditCard: "Card numbers",
  iban: "IBANs",
  ipAddress: "IP addresses",
};
