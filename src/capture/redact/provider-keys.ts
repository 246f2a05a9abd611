import { isInsideWord, isTokenCharacter } from "./characters";
import { isCutAt } from "./marks";
import type { Spans } from "./spans";

interface KeyForm {
  readonly prefix: string;
  /** Fewest characters behind the prefix. */
  readonly minLength: number;
  /** Behind the prefix; tested with the first {@link TESTED_LENGTH} characters. */
  readonly body?: RegExp;
}

const TESTED_LENGTH = 64;
/** Encrypted JSON web tokens have five. */
const MAX_PARTS = 5;
/** No slug: digits, capitals, or letters no word is as long as. */
const NO_SLUG = /\d.*\d.*\d|[A-Z]|[a-z]{20}/;

function formsOf(prefixes: string, minLength: number, body?: RegExp): KeyForm[] {
  return prefixes.split(" ").map((prefix) => ({ prefix, minLength, ...(body && { body }) }));
}

/** Longer prefixes first where one starts with another. */
const FORMS: readonly KeyForm[] = [
  // OpenAI, Anthropic, OpenRouter, Langfuse and others that took over the form.
  ...formsOf("sk-proj- sk-svcacct- sk-admin- sk-ant- sk-or- sk-lf-", 6),
  ...formsOf("sk-", 8, NO_SLUG),
  // GitHub, GitLab
  ...formsOf("ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glsoat- glptt-", 12),
  // Slack
  ...formsOf("xoxb- xoxp- xoxa- xoxs- xoxr- xoxe- xoxc- xoxd- xapp-", 10),
  // AWS: ids of keys; the secret stands nearby.
  ...formsOf("AKIA ASIA", 16, /^[A-Z0-9]{16}(?![A-Za-z0-9])/),
  // Google
  ...formsOf("AIza", 30),
  ...formsOf("ya29. GOCSPX- 1//0", 12),
  // Stripe
  ...formsOf("sk_live_ sk_test_ rk_live_ rk_test_ whsec_", 8),
  // SendGrid, Mailgun, Mailchimp, Twilio
  ...formsOf("SG.", 20),
  ...formsOf("key-", 32, /^[0-9a-f]{32}(?![A-Za-z0-9])/),
  ...formsOf("SK", 32, /^[0-9a-f]{32}(?![A-Za-z0-9])/),
  // Package registries and model hosts
  ...formsOf("npm_ hf_ gsk_ pplx- r8_ xai- nvapi- tvly- fw_ lsv2_ co_ csk-", 16, NO_SLUG),
  ...formsOf("pypi-", 40),
  // Cloud services
  ...formsOf("dop_v1_ doo_v1_ dor_v1_ shpat_ shpss_ shpca_ shppa_ lin_api_ ntn_ figd_", 16),
  ...formsOf(
    "hvs. hvb. dckr_pat_ glsa_ sntrys_ sntryu_ PMAK- ATATT3 sbp_ rnd_ re_ phx_",
    18,
    NO_SLUG,
  ),
  ...formsOf("AGE-SECRET-KEY-1 EAACEdEose0cBA", 10),
  // JSON web tokens: header and payload, the signature as well where it is there.
  ...formsOf("eyJ", 8, /^[\w-]{6,}/),
];

/** By their first two characters: nearly every word ends its search there. */
const FORMS_BY_START = new Map<number, KeyForm[]>();
for (const form of FORMS) {
  const start = startOf(form.prefix, 0);
  FORMS_BY_START.set(start, [...(FORMS_BY_START.get(start) ?? []), form]);
}
const IS_START = new Uint8Array(128 * 128);
for (const start of FORMS_BY_START.keys()) IS_START[start] = 1;

const AWS_SECRET_LENGTH = 40;
/** So far behind the id of a key its secret is looked for. */
const AWS_SECRET_DISTANCE = 200;

const AWS_SECRET =
  /(?<![A-Za-z0-9/+])(?=[^A-Z]{0,39}[A-Z])(?=[^a-z]{0,39}[a-z])(?=\D{0,39}\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;

/** Keys that providers give a form of their own, at the start of a word. */
export function findProviderKeys(text: string): Spans {
  let spans: number[] | undefined;
  let runEnd = 0; // of the run of token characters that `at` is in
  for (let at = 0; at < text.length - 4; ) {
    const start = startOf(text, at);
    if (IS_START[start] !== 1 || isInsideWord(text, at)) {
      at += 1;
      continue;
    }
    // Known for all words of a run: each would otherwise walk to its end again.
    if (runEnd <= at) runEnd = endOfRun(text, at);
    const end = endOfKey(text, at, runEnd, FORMS_BY_START.get(start) ?? []);
    if (end === -1) {
      at += 1;
      continue;
    }
    spans ??= [];
    spans.push(at, end);
    const isAws = text.startsWith("AKIA", at) || text.startsWith("ASIA", at);
    const secret = isAws ? findAwsSecret(text, end) : undefined;
    if (secret !== undefined) spans.push(secret, secret + AWS_SECRET_LENGTH);
    at = secret === undefined ? end : secret + AWS_SECRET_LENGTH;
  }
  return spans;
}

/** Two characters as one number; beyond ASCII it is out of the table. */
function startOf(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  return first < 128 && second < 128 ? first * 128 + second : -1;
}

function endOfRun(text: string, from: number): number {
  let end = from;
  while (isTokenCharacter(text.charCodeAt(end))) end += 1;
  return end;
}

function endOfKey(text: string, at: number, runEnd: number, forms: readonly KeyForm[]): number {
  for (const { prefix, minLength, body } of forms) {
    if (!text.startsWith(prefix, at)) continue;
    const before = text.charCodeAt(at - 1);
    // Inside a slug each of its words would be looked at.
    if (body === NO_SLUG && (before === 45 || before === 95)) return -1;
    const bodyStart = at + prefix.length;
    const isDotted = prefix === "eyJ" || prefix.endsWith(".");
    const end = isDotted ? endOfParts(text, bodyStart, runEnd) : Math.max(bodyStart, runEnd);
    const isWhole = !isCutAt(text, end);
    if (end - bodyStart < minLength) return isWhole ? -1 : end;
    if (
      body !== undefined &&
      !body.test(text.slice(bodyStart, Math.min(end, bodyStart + TESTED_LENGTH)))
    )
      continue;
    if (prefix === "eyJ" && isWhole && text.lastIndexOf(".", end) <= at) continue;
    return prefix === "AKIA" || prefix === "ASIA" ? bodyStart + 16 : end;
  }
  return -1;
}

/** Through the dots between the parts of a key. */
function endOfParts(text: string, bodyStart: number, runEnd: number): number {
  let end = runEnd > bodyStart ? runEnd : endOfRun(text, bodyStart);
  for (let part = 1; part < MAX_PARTS && text.charCodeAt(end) === 46; part += 1) {
    if (!isTokenCharacter(text.charCodeAt(end + 1))) break;
    end = endOfRun(text, end + 1);
  }
  return end;
}

/** 40 characters of base64 that stand alone, of all three kinds. */
function findAwsSecret(text: string, from: number): number | undefined {
  const part = text.slice(from, from + AWS_SECRET_DISTANCE);
  const match = AWS_SECRET.exec(part);
  return match === null ? undefined : from + match.index;
}
