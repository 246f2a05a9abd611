/** Random numbers that are the same for the same seed (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** In [0, 1). */
    next,
    /** A whole number in [0, end). */
    below: (end) => Math.floor(next() * end),
    pick: (list) => list[Math.floor(next() * list.length)],
    hex(length) {
      let digits = "";
      while (digits.length < length) {
        digits += Math.floor(next() * 2 ** 32)
          .toString(16)
          .padStart(8, "0");
      }
      return digits.slice(0, length);
    },
  };
}

const SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo wa xe zi lo mu ny".split(" ");

/**
 * A vocabulary of made-up words and texts out of it, in which words are as unevenly frequent as in
 * language: the first is in almost every text, the last in one of thousands.
 */
export function createProse(random, wordCount = 30_000) {
  const words = new Set();
  while (words.size < wordCount) {
    let word = "";
    for (let left = 1 + random.below(4); left > 0; left--) word += random.pick(SYLLABLES);
    words.add(word + String.fromCharCode(97 + random.below(26)));
  }
  const list = [...words];
  return {
    words: list,
    text(length) {
      let text = "";
      while (text.length < length) {
        text += `${list[Math.floor(wordCount ** random.next()) - 1] ?? list[0]} `;
      }
      return text.trimEnd();
    },
  };
}
