/**
 * What the traced program says: the same texts for every subject. They read like prose and differ
 * from one another, so that gzip has its usual work.
 */

const WORDS = `the session answer of question model because history this account invoice yesterday
please customer order shipped could you explain difference between plan price month renewal card
address changed delivery again and result found three documents about returns policy Berlin
"quoted text" 42 19.99 https://example.org/help?id=7 refund twice sorry thanks regards`.split(
  /\s+/,
);
/** Takes two bytes a character in memory; every fourth text has some, as answers of models have. */
const BEYOND_LATIN = ["€20", "—", "it’s", "🎭"];
const VARIANTS = 32;

/** A question of 2 KB in eight messages, and its answer of 1 KB. */
export const conversations = Array.from({ length: VARIANTS }, (_, variant) => {
  const random = createRandom(variant + 1);
  const words = variant % 4 === 3 ? [...WORDS, ...BEYOND_LATIN] : WORDS;
  return {
    session: `session-${variant % 8}`,
    user: `user-${variant % 4}`,
    messages: Array.from({ length: 8 }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: prose(220, random, words),
    })),
    answer: prose(1_000, random, words),
  };
});

/** Several texts of so many characters, all of them Latin. */
export function texts(length) {
  const random = createRandom(length);
  const count = Math.max(4, Math.min(VARIANTS, Math.floor(1_000_000 / length)));
  return Array.from({ length: count }, () => prose(length, random, WORDS));
}

function prose(length, random, words) {
  let text = "";
  while (text.length < length) text += `${words[Math.floor(random() * words.length)]} `;
  return text.slice(0, length);
}

/** The same numbers in every process. Spec: the constants of Numerical Recipes' generator. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
