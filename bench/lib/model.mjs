/**
 * The model call that every subject records. Apart from the texts of workload.mjs, which take
 * milliseconds to make: those would count as the subject's own in the measure of its import.
 */

export const MODEL = "gpt-4o";
export const USAGE = Object.freeze({ input: 512, output: 256, total: 768 });
