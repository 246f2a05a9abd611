import { ReadError } from "./resource";
import { goToSignIn } from "./sign-in";

/**
 * Sends a body to the studio.
 * @returns what it answers
 * @throws ReadError, whose message says what of the body was not taken
 */
export async function sendJson<Answer>(
  method: "POST" | "PUT",
  path: string,
  body: unknown,
): Promise<Answer> {
  let response: Response;
  try {
    const headers = { accept: "application/json", "content-type": "application/json" };
    response = await fetch(path, { method, headers, body: JSON.stringify(body) });
  } catch (cause) {
    throw new ReadError(null, "The studio does not answer.", { cause });
  }
  if (response.status === 401) goToSignIn();
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ReadError(response.status, problemsOf(answer, response.status));
  return answer as Answer; // the contract of the API's types, same release on both sides
}

function problemsOf(answer: unknown, status: number): string {
  const { error, message } = (answer ?? {}) as { error?: unknown; message?: unknown };
  const issues = Array.isArray(error) ? error.map((issue) => issueText(issue)) : [];
  if (issues.length > 0) return issues.join("; ");
  return typeof message === "string" ? message : `The studio answered ${status}.`;
}

function issueText(issue: { path?: unknown; message?: unknown } | null): string {
  const path = Array.isArray(issue?.path) ? issue.path.join(" ") : "";
  return `${path}: ${String(issue?.message)}`;
}
