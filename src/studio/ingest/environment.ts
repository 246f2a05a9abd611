const MAX_ENVIRONMENT_LENGTH = 40;

/**
 * An environment's name as Langfuse keeps it: lower case, without a leading `langfuse`, cut to 40
 * characters; `default` for what is then not `[a-z0-9-_]+`. Never fails.
 */
export function normalizeEnvironment(given: string | null | undefined): string {
  const name = (given ?? "")
    .toLowerCase()
    .replace(/^(langfuse[-_]?)+/, "")
    .slice(0, MAX_ENVIRONMENT_LENGTH);
  return /^[a-z0-9\-_]+$/.test(name) ? name : "default";
}
