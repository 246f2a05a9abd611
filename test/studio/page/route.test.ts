import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRoute, sessionPath, tracePath } from "../../../src/studio/page/route";

describe("parseRoute", () => {
  it.each(["/", "/sessions", "/sessions/", "/project/p1/sessions"])(
    "opens the sessions for %s",
    (path) => {
      expect(parseRoute(path)).toEqual({ view: "sessions" });
    },
  );

  it("opens a session and a trace, also by the links of other clients", () => {
    expect(parseRoute("/sessions/chat-1")).toEqual({ view: "session", sessionId: "chat-1" });
    expect(parseRoute("/project/p/sessions/chat-1")).toEqual({
      view: "session",
      sessionId: "chat-1",
    });
    expect(parseRoute("/project/p/traces/t1")).toEqual({ view: "trace", traceId: "t1" });
    expect(parseRoute("/traces")).toEqual({ view: "traces" });
  });

  it("reads an id with a broken escape as it stands", () => {
    expect(parseRoute("/sessions/100%")).toEqual({ view: "session", sessionId: "100%" });
  });

  it("opens the score configurations", () => {
    expect(parseRoute("/score-configs")).toEqual({ view: "score-configs" });
  });

  it("says what it does not know", () => {
    expect(parseRoute("/settings")).toEqual({ view: "not-found", path: "/settings" });
  });

  it("finds every id back from its path", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (id) => {
        expect(parseRoute(addressOf(sessionPath(id)))).toEqual({ view: "session", sessionId: id });
        expect(parseRoute(addressOf(tracePath(id)))).toEqual({ view: "trace", traceId: id });
      }),
      { examples: [["."], [".."], ["..."], ["../x"], ["?id=.."], ["#"], ["%2e"]] },
    );
  });

  it("finds an id back beside the place that is to be shown in it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (id) => {
        const session = addressOf(sessionPath(id, id));
        expect(parseRoute(session)).toEqual({ view: "session", sessionId: id });
        expect(new URL(session, "http://studio.test").searchParams.get("trace")).toBe(id);
        const trace = addressOf(tracePath(id, id));
        expect(parseRoute(trace)).toEqual({ view: "trace", traceId: id });
        expect(new URL(trace, "http://studio.test").searchParams.get("observation")).toBe(id);
      }),
      { examples: [["."], [".."], ["?t=1&x"], ["#"]] },
    );
  });

  it("wants an id where the query has to name it", () => {
    expect(parseRoute("/session")).toEqual({ view: "not-found", path: "/session" });
    expect(parseRoute("/trace?id=")).toEqual({ view: "not-found", path: "/trace" });
  });
});

/** What a browser makes of a link: its path and query after normalisation. */
function addressOf(href: string): string {
  const url = new URL(href, "http://studio.test");
  return url.pathname + url.search;
}
