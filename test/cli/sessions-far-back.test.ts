import { expect, it } from "vitest";
import { runCli } from "../../src/cli/run-cli";
import { listen } from "../support/listen";

/** Langfuse 3 with a trace to a page, all of one session, on more pages than are looked at. */
function openDeepList(): Promise<string> {
  return listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    const page = Number(searchParams.get("page") ?? 1);
    const isList = pathname === "/api/public/traces" || pathname === "/api/public/sessions";
    const isOverview = searchParams.has("sessionId");
    const trace = { id: `t${page}`, sessionId: "chat", timestamp: "2026-05-01T10:00:00.000Z" };
    response.writeHead(isList ? 200 : 404, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ data: [trace], meta: { page, totalPages: isOverview ? 1 : 1_000 } }),
    );
  });
}

/** What a terminal of 100 columns shows beside the output. */
async function errorsOf(...args: readonly string[]): Promise<string> {
  let errors = "";
  const code = await runCli(args, {
    columns: 100,
    write: () => undefined,
    writeError: (text) => {
      errors += text;
    },
    untilStopped: () => new Promise(() => undefined),
  });
  expect(code).toBe(0);
  return errors;
}

it("says where a list ends before its limit though the endpoint has more", async () => {
  const url = await openDeepList();
  expect(await errorsOf("sessions", "--url", url)).toBe(
    "There may be more, further back than was looked: --user looks further.\n",
  );
});

it("says so where none of those that were looked at was asked for", async () => {
  const url = await openDeepList();
  expect(await errorsOf("sessions", "--search", "else", "--url", url)).toBe(
    `No sessions at ${url} among those looked at. There may be more, further back than was looked: --user looks further.\n`,
  );
});
