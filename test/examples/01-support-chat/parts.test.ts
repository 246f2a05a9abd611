import { createHmac } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { readAttachment } from "../../../examples/01-support-chat/attachments";
import { authenticate, issueToken } from "../../../examples/01-support-chat/auth";
import { readPassages, splitByHeading } from "../../../examples/01-support-chat/documents";
import { createSearch, searchDocs } from "../../../examples/01-support-chat/retrieval";
import { runTool } from "../../../examples/01-support-chat/tools";
import packageJson from "../../../package.json" with { type: "json" };

// Before the parts are imported: what they trace here is not to reach a studio that happens to run.
vi.hoisted(() => {
  process.env["LANGFUSE_TRACING_ENABLED"] = "false";
});

describe("splitByHeading", () => {
  it("makes one passage per heading, titled by document and heading", () => {
    const markdown = "# Ducks\n\nThey swim.\n\n## Food\n\nBread.\n\n## Empty\n";
    expect(splitByHeading("ducks.md", markdown)).toEqual([
      { title: "Ducks", text: "They swim." },
      { title: "Ducks › Food", text: "Bread." },
    ]);
  });

  it("takes a comment in a code block for code, not for a heading", () => {
    const markdown = "# Run\n\n```sh\n# start it\nnpm start\n```\n";
    expect(splitByHeading("run.md", markdown).map(({ text }) => text)).toEqual([
      "```sh\n# start it\nnpm start\n```",
    ]);
  });
});

describe("createSearch", () => {
  const knowledge = new URL("../../../examples/01-support-chat/knowledge/", import.meta.url);
  const search = createSearch(readPassages(knowledge));

  it.each([
    ["How do I install Playhead?", "Installation › Install Playhead"],
    ["The session id is known late, after authentication", "Sessions › Set the session id late"],
    ["the port is taken", "Troubleshooting › The port is taken"],
    ["send to our own Langfuse deployment", "Configuration › Send to Langfuse"],
  ])("ranks first for %j the passage %j", (question, title) => {
    expect(search(question)[0]?.title).toBe(title);
  });

  it("finds nothing for words that stand nowhere", () => {
    expect(search("zyzzyva quokka")).toEqual([]);
  });

  it("gives four passages at most", () => {
    expect(search("the session and the trace of the studio")).toHaveLength(4);
  });

  it("keeps passages with one title apart", () => {
    const twins = [
      { title: "Twin", text: "one duck" },
      { title: "Twin", text: "one hen" },
    ];
    expect(createSearch(twins)("twin hen")).toEqual([twins[1], twins[0]]);
  });
});

it("searchDocs searches the knowledge base", async () => {
  const titles = (await searchDocs("What if port 7717 is taken?")).map(({ title }) => title);
  expect(titles).toContain("Troubleshooting › The port is taken");
});

it.each([
  ["How do I install Playhead?", "Installation › Install Playhead"],
  ["My script exits and nothing arrives. What did I forget?", "Troubleshooting › Nothing arrives"],
  [
    "Later we want to send to our own Langfuse deployment. What do I set?",
    "Configuration › Send to Langfuse",
  ],
])("searchDocs answers %j from the page that is written for it", async (question, title) => {
  const [best] = await searchDocs(question);
  expect(best?.title).toBe(title);
});

describe("authenticate", () => {
  const caller = { userId: "ada", plan: "team", conversationId: "c-1" } as const;

  it("returns the caller whom the token was issued to", async () => {
    expect(await authenticate(issueToken(caller))).toEqual(caller);
  });

  it("refuses a token that was signed with another secret, changed or not a token", async () => {
    const payload = issueToken(caller).split(".")[0] ?? "";
    const foreign = createHmac("sha256", "guess").update(payload).digest("base64url");
    const changed = Buffer.from(JSON.stringify({ ...caller, userId: "eve" })).toString("base64url");
    const signature = issueToken(caller).split(".")[1];
    for (const token of [`${payload}.${foreign}`, `${changed}.${signature}`, "", "a.b.c"]) {
      await expect(authenticate(token)).rejects.toThrow("The token is not one of ours.");
    }
  });
});

describe("readAttachment", () => {
  it("reads a file", async () => {
    expect(JSON.parse(await readAttachment("package.json"))).toEqual(packageJson);
  });

  it("refuses one that is too large, with both sizes", async () => {
    await expect(readAttachment("package-lock.json")).rejects.toThrow(
      /^package-lock\.json has \d+ bytes; attachments may have up to 65536\.$/,
    );
  });

  it("fails for one that does not exist", async () => {
    await expect(readAttachment("no-such-file.txt")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("looks in the uploads only, whatever path is asked for", async () => {
    await expect(readAttachment("../../../../../etc/passwd")).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe("runTool", () => {
  const check = (version: string, runtime = "node"): string =>
    runTool({ name: "check_runtime", arguments: JSON.stringify({ runtime, version }) });

  it.each([
    ["18.19", "Node.js 18.19 is too old: Playhead needs Node.js 20.9 or later."],
    ["20.8.9", "Node.js 20.8.9 is too old: Playhead needs Node.js 20.9 or later."],
    ["20.9", "Node.js 20.9 is supported: Playhead needs Node.js 20.9 or later."],
    ["20.10.0", "Node.js 20.10.0 is supported: Playhead needs Node.js 20.9 or later."],
    ["20", "Node.js 20 is supported: Playhead needs Node.js 20.9 or later."],
    ["22.1", "Node.js 22.1 is supported: Playhead needs Node.js 20.9 or later."],
  ])("compares node %s with the engines of package.json", (version, expected) => {
    expect(check(version)).toBe(expected);
  });

  it("says so when package.json names no version of the runtime", () => {
    expect(check("1.2", "bun")).toBe("Playhead's package.json names no version of Bun.");
  });

  it("tells the model about a tool that is not there and about arguments that do not parse", () => {
    expect(runTool({ name: "rm", arguments: "{}" })).toBe("There is no tool called rm.");
    expect(runTool({ name: "check_runtime", arguments: "{" })).toMatch(/^The call failed: /);
  });
});
