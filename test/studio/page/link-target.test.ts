import { describe, expect, it } from "vitest";
import { linkTarget } from "../../../src/studio/page/link-target";

const HERE = "http://127.0.0.1:7717/sessions/a";

describe("linkTarget", () => {
  it.each([
    ["/sessions/b", "own"],
    ["#main", "own"],
    ["http://127.0.0.1:7717/x", "own"],
    ["http://127.0.0.1:7718/", "outside"],
    ["//elsewhere.invalid/", "outside"],
    ["/\\elsewhere.invalid/", "outside"],
    ["HTTPS://elsewhere.invalid", "outside"],
    ["mailto:a@b.invalid", "outside"],
    ["javascript:alert(1)", "refused"],
    [" java\nscript:alert(1)", "refused"],
    ["data:text/html,a", "refused"],
    ["blob:http://127.0.0.1:7717/a", "own"],
    ["vbscript:a", "refused"],
    ["file:///etc/passwd", "refused"],
    ["https://[", "refused"],
  ])("of %j is %s", (href, kind) => {
    expect(linkTarget({ href, isDownload: false }, HERE).kind).toBe(kind);
  });

  it.each([
    ["data:text/html,a", "own"],
    ["javascript:alert(1)", "refused"],
    ["https://elsewhere.invalid/a.zip", "outside"],
  ])("of %j, to be saved, is %s", (href, kind) => {
    expect(linkTarget({ href, isDownload: true }, HERE).kind).toBe(kind);
  });
});
