import { isInsideWord, isTokenCharacter } from "./characters";
import { lazily } from "./lazily";
import { isCutAt } from "./marks";
import { nextCharacter, nextOrEnd } from "./next-character";
import type { Spans } from "./spans";

interface KeyForm {
  readonly prefix: string;
  /** Fewest characters behind the prefix. */
  readonly minLength: number;
  /** Behind the prefix; tested with the first {@link TESTED_LENGTH} characters. */
  readonly body?: RegExp;
}

const TESTED_LENGTH = 64;
/** Of the first part where there are several. */
const MIN_PART_LENGTH = 6;
/** Encrypted JSON web tokens have five. */
const MAX_PARTS = 5;
/** No slug: digits, capitals, or letters no word is as long as. */
const NO_SLUG = /\d.*\d.*\d|[A-Z]|[a-z]{20}/;

function formsOf(prefixes: string, minLength: number, body?: RegExp): KeyForm[] {
  return prefixes.split(" ").map((prefix) => ({ prefix, minLength, ...(body && { body }) }));
}

const forms = lazily((): readonly KeyForm[] => [
  // OpenAI, Anthropic, OpenRouter, Langfuse and others that took over the form.
  ...formsOf("sk-proj- sk-svcacct- sk-admin- sk-ant- sk-or- sk-lf-", 6),
  ...formsOf("sk-", 8, NO_SLUG),
  // GitHub, GitLab, Slack
  ...formsOf("ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glsoat- glptt-", 12),
  ...formsOf("xoxb- xoxp- xoxa- xoxs- xoxr- xoxe- xoxc- xoxd- xapp-", 10),
  // AWS: ids of keys; the secret stands nearby.
  ...formsOf("AKIA ASIA", 16, /^[A-Z0-9]{16}(?![A-Za-z0-9])/),
  // Google: AIza…, 1//0…
  ...formsOf("AIz", 31, /^a/),
  ...formsOf("ya29. GOCSPX-", 12),
  ...formsOf("1//", 20, /^0[\w-]{19}/),
  // Stripe, SendGrid, Mailgun, Twilio
  ...formsOf("sk_live_ sk_test_ rk_live_ rk_test_ whsec_", 8),
  ...formsOf("SG.", 20, /^[\w-]{16}/),
  ...formsOf("key- SK", 32, /^[0-9a-f]{32}(?![A-Za-z0-9])/),
  // Registries of packages, hosts of models, cloud services
  ...formsOf("npm_ hf_ gsk_ pplx- r8_ xai- nvapi- tvly- fw_ lsv2_ csk- pypi-", 16, NO_SLUG),
  ...formsOf("dop_v1_ doo_v1_ dor_v1_ shpat_ shpss_ shpca_ shppa_ lin_api_ ntn_ figd_", 16),
  ...formsOf("hvs. hvb. dckr_pat_ glsa_ sntrys_ sntryu_ PMAK- ATATT sbp_ re_", 18, NO_SLUG),
  ...formsOf("AGE-SECRET-KEY-", 10),
  // JSON web tokens: header and payload, the signature as well where it is there.
  ...formsOf("eyJ", 8, /^[\w-]{6,}/),
]);
/** Longest first, so that `sk-proj-` is told from `sk-`. */
const formsByLast = lazily(() => {
  const byLast = new Map<string, KeyForm[]>();
  for (const form of forms().toSorted((a, b) => b.prefix.length - a.prefix.length)) {
    const last = form.prefix.slice(-1);
    byLast.set(last, [...(byLast.get(last) ?? []), form]);
  }
  return byLast;
});
/**
 * The last character of a prefix, then what stands before it: these are rarer in prose than the
 * first ones, and all of it is looked at natively. Where words are told from keys by what follows,
 * none is looked for inside a slug.
 */
const prefixPattern = lazily(
  () => new RegExp([...formsByLast().keys()].map(patternOfLast).join("|"), "g"),
);
const RUN_END = /[^\w-]/g;

const AWS_SECRET_LENGTH = 40;
/** So far behind the id of a key its secret is looked for. */
const AWS_SECRET_DISTANCE = 128;

const AWS_SECRET = /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;

/** Keys that providers give a form of their own, at the start of a word. */
export function findProviderKeys(text: string): Spans {
  let spans: number[] | undefined;
  let runEnd = 0; // of the run of token characters around: known for all prefixes in it
  let searchedTo = 0; // for secrets of AWS
  let at = 0;
  for (;;) {
    const last = nextCharacter(prefixPattern(), text, at);
    if (last === -1) return spans;
    const bodyStart = last + 1;
    const form = formAt(text, bodyStart);
    const start = bodyStart - (form?.prefix.length ?? 0);
    at = bodyStart;
    if (form === undefined || start < (spans?.at(-1) ?? 0) || isInsideWord(text, start)) continue;
    if (runEnd < bodyStart) runEnd = endOfRun(text, bodyStart);
    const end = endOfKey(text, form, bodyStart, runEnd);
    if (end === -1) continue;
    spans ??= [];
    spans.push(start, end);
    at = end;
    if (!form.prefix.endsWith("IA")) continue;
    const secret = findAwsSecret(text, Math.max(end, searchedTo), end + AWS_SECRET_DISTANCE);
    searchedTo = end + AWS_SECRET_DISTANCE - AWS_SECRET_LENGTH;
    if (secret === undefined) continue;
    at = secret + AWS_SECRET_LENGTH;
    spans.push(secret, at);
  }
}

/** Whether words could start the same. */
function isSlugLike({ body }: KeyForm): boolean {
  return body === NO_SLUG;
}

/** All prefixes that end with `last`, from their end. */
function patternOfLast(last: string): string {
  const choices = forms()
    .filter(({ prefix }) => prefix.endsWith(last))
    .map(
      (form) => (isSlugLike(form) ? "(?<![\\w-])" : "") + form.prefix.replace(/[.\-/]/g, "\\$&"),
    );
  return `${last.replace(/[.\-/]/, "\\$&")}(?<=${choices.join("|")})`;
}

/** The form whose prefix ends at `bodyStart`. */
function formAt(text: string, bodyStart: number): KeyForm | undefined {
  for (const form of formsByLast().get(text.charAt(bodyStart - 1)) ?? []) {
    if (text.endsWith(form.prefix, bodyStart)) return form;
  }
  return undefined;
}

function endOfRun(text: string, from: number): number {
  return nextOrEnd(RUN_END, text, from);
}

/** @returns -1 where what follows is no key of this form */
function endOfKey(text: string, form: KeyForm, bodyStart: number, runEnd: number): number {
  const { prefix, minLength, body } = form;
  // One part alone is any base64 of JSON.
  if (prefix === "eyJ" && text.charCodeAt(runEnd) !== 46 /* . */) return -1;
  const length = runEnd - bodyStart;
  const isDotted = prefix === "eyJ" || prefix.endsWith(".");
  if (length < minLength && !isDotted) return isCutAt(text, runEnd) && length > 0 ? runEnd : -1;
  if (length < MIN_PART_LENGTH && !isCutAt(text, runEnd)) return -1;
  const tested = text.slice(bodyStart, Math.min(runEnd, bodyStart + TESTED_LENGTH));
  if (body?.test(tested) === false && !isCutAt(text, runEnd)) return -1;
  const end = isDotted ? endOfParts(text, runEnd) : runEnd;
  return end - bodyStart >= minLength || isCutAt(text, end) ? end : -1;
}

/** Through the dots between the parts of a key. */
function endOfParts(text: string, runEnd: number): number {
  let end = runEnd;
  for (let part = 1; part < MAX_PARTS && text.charCodeAt(end) === 46; part += 1) {
    if (!isTokenCharacter(text.charCodeAt(end + 1))) break;
    end = endOfRun(text, end + 1);
  }
  return end;
}

/** 40 characters of base64 that stand alone, of all three kinds. */
function findAwsSecret(text: string, from: number, to: number): number | undefined {
  const match = AWS_SECRET.exec(text.slice(from, to));
  const isSecret = match !== null && [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(match[0]));
  return isSecret ? from + match.index : undefined;
}
