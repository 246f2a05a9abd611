/**
 * Methods of every text, to be called with `call`. A text has more inner forms than the engine keeps apart
 * at one place, so that looking up a method on the text itself takes as long as a short search in it.
 */
export const { includes, toWellFormed } = String.prototype;
