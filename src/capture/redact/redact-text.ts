import type { RedactPreset, RedactRule } from "../../config/redact-rules";
import { findAuthSchemes } from "./auth-schemes";
import { findCreditCards } from "./credit-card";
import { findEmails } from "./email";
import { findIbans } from "./iban";
import { findIpV4Addresses, findIpV6Addresses } from "./ip-address";
import { looksLikeJson, redactJson, type TextRedaction } from "./json-text";
import { isMark, MARKS } from "./marks";
import { findFlagSecrets, findNamedSecrets } from "./named-secrets";
import { createPatternRedactor } from "./pattern";
import { findPhones, isPhoneName, isPhoneText } from "./phone";
import { findPrivateKeys } from "./private-keys";
import { findProtectedParts } from "./protected-parts";
import { findProviderKeys } from "./provider-keys";
import { isSecretName, isSecretNumber, isSecretText } from "./secret-names";
import { type Finder, replaceSpans } from "./spans";
import { findUrlCredentials } from "./url-credentials";

/**
 * What each preset looks for. The order matters: a key in PEM form is taken whole before its lines
 * are, credentials of a URL before they look like an address, an IBAN before groups of its digits
 * look like a card or a phone.
 */
const FINDERS: Readonly<Record<RedactPreset, readonly Finder[]>> = {
  secrets: [
    findPrivateKeys,
    findUrlCredentials,
    findNamedSecrets,
    findFlagSecrets,
    findAuthSchemes,
    findProviderKeys,
  ],
  email: [findEmails],
  iban: [findIbans],
  creditCard: [findCreditCards],
  ipAddress: [findIpV6Addresses, findIpV4Addresses],
  phone: [findPhones],
};
/** In nothing without one of these is there anything to find; most names and short texts have none. */
const ANCHOR = /[\d@:=>_.-]|eyJ|bearer|basic/i;
/** Fewer digits and separators in a row are neither a card nor a phone. */
const LONG_NUMBER = /\d[\d .()/\-\u00a0]{6}/;
const MAX_PASSES = 4;
// The order of the keys above, which the type does not tell.
const PRESET_ORDER = Object.keys(FINDERS) as RedactPreset[];

/**
 * Redaction of one outgoing text: presets first, then patterns in the order of the list. JSON text
 * stays JSON text: texts and names in it are redacted one by one, unescaped (also JSON inside them),
 * and a number becomes a text. Linear in the length, patterns with a regular expression aside.
 * Idempotent for presets.
 * @returns a function that gives back the same string where nothing is found, and that never throws
 */
export function createTextRedactor(rules: readonly RedactRule[]): (text: string) => string {
  const wanted = new Set(rules);
  const presets = PRESET_ORDER.filter((preset) => wanted.has(preset));
  const patterns = rules.flatMap((rule) =>
    typeof rule === "string" ? [] : [createPatternRedactor(rule)],
  );
  if (presets.length === 0 && patterns.length === 0) return (text) => text;

  const finders = presets.flatMap((preset) =>
    FINDERS[preset].map((find) => ({
      find,
      isLongNumber: preset === "phone" || preset === "creditCard",
      mark: MARKS[preset],
    })),
  );
  const find = (text: string): string => {
    let redacted = text;
    const hasLongNumber = LONG_NUMBER.test(text);
    for (const { find, isLongNumber, mark } of finders) {
      if (hasLongNumber || !isLongNumber) redacted = replaceSpans(redacted, find(redacted), mark);
    }
    return redacted;
  };
  const redactPart = (text: string): string => {
    let redacted = text;
    if (finders.length > 0) {
      // A mark ends what stood around it: what that shows is found in the next pass.
      for (let pass = 0; pass < MAX_PASSES; pass += 1) {
        const before = redacted;
        redacted = find(before);
        if (redacted === before) break;
      }
    }
    for (const redactPattern of patterns) redacted = redactPattern(redacted);
    return redacted;
  };
  const redaction: TextRedaction = {
    redactPlain: (text) =>
      patterns.length > 0 || ANCHOR.test(text) ? redactAround(text, redactPart) : text,
    redactNamed: namedRedactor(presets),
    hasPatterns: patterns.length > 0,
  };
  return (text) => {
    if (text.length === 0) return text;
    return looksLikeJson(text) ? redactJson(text, redaction) : redaction.redactPlain(text);
  };
}

/** Redacts what stands between the parts that are bytes. */
function redactAround(text: string, redactPart: (text: string) => string): string {
  const parts = findProtectedParts(text);
  if (parts === undefined) return redactPart(text);
  let redacted = "";
  let at = 0;
  for (let index = 0; index < parts.length; index += 2) {
    redacted +=
      redactPart(text.slice(at, parts[index])) + text.slice(parts[index], parts[index + 1]);
    at = parts[index + 1] ?? at;
  }
  redacted += redactPart(text.slice(at));
  return redacted === text ? text : redacted;
}

/** What a value of JSON is hidden as because of its name; undefined where the name hides nothing. */
function namedRedactor(presets: readonly RedactPreset[]): TextRedaction["redactNamed"] {
  const hasSecrets = presets.includes("secrets");
  const hasPhones = presets.includes("phone");
  return (name, value, isText) => {
    const isSecret =
      hasSecrets &&
      isSecretName(name) &&
      (isText ? isSecretText(name, value) : isSecretNumber(name, value));
    const isPhone = hasPhones && isPhoneText(value) && isPhoneName(name);
    if (!(isSecret || isPhone) || value === "" || isMark(value)) return undefined;
    return isSecret ? MARKS.secrets : MARKS.phone;
  };
}
