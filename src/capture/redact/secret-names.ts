import { lazily } from "./lazily";

/** What names of secrets end with, in lower case and without separators. */
const endings = lazily(() => [
  ..."password passwords passwd passphrase passcode pwd passwort kennwort contraseña".split(" "),
  ..."secret secrets credential credentials token authorization cookie jwt bearer".split(" "),
  ..."connectionstring passwordhash npmauth".split(" "),
  ...[
    ..."api secret access private account shared auth signing encryption decryption".split(" "),
    ..."master session storage service subscription license deploy webhook hmac ssh".split(" "),
    ..."admin openai anthropic azure gemini mistral groq cohere langfuse stripe".split(" "),
  ].flatMap((owner) => [`${owner}key`, `${owner}keys`]),
]);
const endingsByLast = lazily(() => {
  const byLast = new Map<string, string[]>();
  for (const ending of endings()) {
    const last = ending.charAt(ending.length - 1);
    byLast.set(last, [...(byLast.get(last) ?? []), ending]);
  }
  return byLast;
});
/** Names too short to be told apart by their end. */
const SHORT_NAME = /(?:^|[_.-])(?:pass|otp)$|_auth$/i;
const SHORT_CAMEL_NAME = /[a-z](?:Pass|Otp)$/;
const LONGEST_NAME = 64;
/** Names that end the same and hold something else: markers and counts of a model's tokens. */
const HARMLESS =
  /(?:public|publishable)(?:api|access)?keys?$|(?:max|min|num|total|per|first|last|next|page|sync|continuation|prompt|completion|input|output|cached|reasoning|image|audio|text|stop|eos|bos|pad|unk|sep|cls|mask|special|start|end)token$/;

/** The same names come again and again. */
const knownNames = new Map<string, boolean>();
const MAX_KNOWN_NAMES = 1_000;

/**
 * Whether what stands behind this name is secret: `password`, `client_secret`, `X-Api-Key`,
 * `dbPass`, … Not `max_tokens`, `token_count`, `public_key`.
 */
export function isSecretName(name: string): boolean {
  if (name.length < 3 || name.length > LONGEST_NAME) return false;
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const isSecret = endsLikeSecret(name);
  if (knownNames.size >= MAX_KNOWN_NAMES) knownNames.clear();
  knownNames.set(name, isSecret);
  return isSecret;
}

function endsLikeSecret(name: string): boolean {
  const last = name.charAt(name.length - 1).toLowerCase();
  // Most names are told apart by their last letter.
  const candidates = endingsByLast().get(last);
  if (candidates === undefined && last !== "p" && last !== "h") return false;
  if (SHORT_NAME.test(name) || SHORT_CAMEL_NAME.test(name)) return true;
  const plain = name.toLowerCase().replace(/[\s_.$-]/g, "");
  if (candidates?.some((ending) => plain.endsWith(ending)) !== true) return false;
  return !HARMLESS.test(plain);
}

/** Whether the rest of the line belongs to the value. */
export function isHeaderName(name: string): boolean {
  return name.length >= "cookie".length && /(?:authorization|cookie)$/i.test(name);
}

/** `token` is also the word for a piece of a model's text: it is secret only when it looks so. */
export function isSecretText(name: string, value: string): boolean {
  return !/^token$/i.test(name) || /^[^\s"'\\]{6,64}$/.test(value.slice(0, 64));
}

/** Counts of tokens are no secrets; one-time codes are. */
export function isSecretNumber(name: string, digits: string): boolean {
  return !/token$/i.test(name) || /^\d{6,}$/.test(digits);
}
