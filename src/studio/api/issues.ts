import en from "zod/v4/locales/en.js";

/**
 * Says in words what is wrong with a value, as Langfuse's answers do: given to each parse of a
 * request, not set for all of the process, which the studio may share with other users of zod.
 */
export const describeIssue = en().localeError;
