import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { version } from "../../package.json";
import { runCli } from "../../src/cli/run-cli";
import { runProcess } from "../e2e/support/run-app";
import { openStudio } from "../studio/server/running-studio";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-cli-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs the command line in this process.
 * @param whileRunning - called when the command waits to be stopped; it stops afterwards
 */
async function run(
  args: readonly string[],
  whileRunning: (output: string, errors: () => string) => Promise<void> = async () => {},
): Promise<Outcome> {
  let output = "";
  let errors = "";
  const code = await runCli(args, {
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
    untilStopped: () => whileRunning(output, () => errors),
  });
  return { code, output, errors };
}

describe("playhead studio", () => {
  it("serves until it is stopped, and prints where and what to set", async () => {
    const db = join(folder, "studio.db");
    let url = "";
    const outcome = await run(["studio", "--port", "0", "--db", db], async (output) => {
      url = /http:\/\/\S+/.exec(output)?.[0] ?? "";
      expect((await fetch(`${url}/api/public/health`)).status).toBe(200);
    });
    expect(outcome).toMatchObject({ code: 0, errors: "" });
    expect(outcome.output).toContain(db);
    expect(outcome.output).toContain(`LANGFUSE_BASE_URL=${url}\n`);
    expect(outcome.output).toMatch(/LANGFUSE_PUBLIC_KEY=\S+\n\s+LANGFUSE_SECRET_KEY=\S+\n/);
    await expect(fetch(url)).rejects.toThrow();
  });

  it("demands the given keys, and does not print them", async () => {
    const args = [
      "studio",
      "--port",
      "0",
      "--db",
      ":memory:",
      "--public-key",
      "pk-given",
      "--secret-key",
      "sk-given",
    ];
    const outcome = await run(args, async (output) => {
      const url = /http:\/\/\S+/.exec(output)?.[0] ?? "";
      expect((await fetch(`${url}/api/public/projects`)).status).toBe(401);
    });
    expect(outcome.code).toBe(0);
    expect(outcome.output).not.toMatch(/pk-given|sk-given/);
  });

  it("says what to do when the port is taken", async () => {
    const { port } = await openStudio();
    const outcome = await run(["studio", "--port", `${port}`, "--db", ":memory:"]);
    expect(outcome).toMatchObject({ code: 1, output: "" });
    expect(outcome.errors).toContain(`Expected port ${port} on 127.0.0.1 to be free`);
    expect(outcome.errors).toContain("choose another port (--port; 0 takes any)");
  });

  describe("beyond loopback without keys", () => {
    const printedKeys = (output: string) => ({
      publicKey: /LANGFUSE_PUBLIC_KEY=(\S+)/.exec(output)?.[1] ?? "",
      secretKey: /LANGFUSE_SECRET_KEY=(\S+)/.exec(output)?.[1] ?? "",
    });
    const urlOf = (output: string): string => /http:\/\/\S+/.exec(output)?.[0] ?? "";
    async function statusWith(output: string, keys: { publicKey: string; secretKey: string }) {
      const pair = Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString("base64");
      const headers = { authorization: `Basic ${pair}` };
      return (await fetch(`${urlOf(output)}/api/public/projects`, { headers })).status;
    }
    /** All of the database: what was written last may stand in its log. */
    async function readStored(): Promise<string> {
      const files = await readdir(folder);
      const contents = files.map((name) => readFile(join(folder, name), "latin1"));
      return (await Promise.all(contents)).join();
    }
    const beyond = (...more: string[]) => [
      "studio",
      ...["--host", "0.0.0.0", "--port", "0", "--db", join(folder, "studio.db")],
      ...more,
    ];

    it("makes keys, prints them once, keeps their hash and demands them from then on", async () => {
      const first = await run(beyond(), async (output) => {
        expect(await statusWith(output, printedKeys(output))).toBe(200);
        expect(await statusWith(output, { publicKey: "pk", secretKey: "sk" })).toBe(401);
      });
      const keys = printedKeys(first.output);
      expect(first).toMatchObject({ code: 0, errors: "" });
      expect(keys).toEqual({
        publicKey: expect.stringMatching(/^pk-lf-[0-9a-f-]{36}$/),
        secretKey: expect.stringMatching(/^sk-lf-[0-9a-f]{48}$/),
      });
      const stored = await readStored();
      expect(stored.includes(keys.publicKey)).toBe(true);
      expect(stored.includes(keys.secretKey)).toBe(false);

      const second = await run(beyond(), async (output) => {
        expect(await statusWith(output, keys)).toBe(200);
        expect((await fetch(`${urlOf(output)}/api/public/projects`)).status).toBe(401);
      });
      expect(second.output).toContain(`LANGFUSE_PUBLIC_KEY=${keys.publicKey}\n`);
      expect(second.output).not.toContain(keys.secretKey);
      expect(second.output).toContain("--new-keys");
    });

    it("replaces them for --new-keys", async () => {
      const first = printedKeys((await run(beyond())).output);
      const replaced = await run(beyond("--new-keys"), async (output) => {
        expect(await statusWith(output, first)).toBe(401);
        expect(await statusWith(output, printedKeys(output))).toBe(200);
      });
      await run(beyond(), async (output) => {
        expect(await statusWith(output, first)).toBe(401);
        expect(await statusWith(output, printedKeys(replaced.output))).toBe(200);
      });
    });

    it.each(["flags", "environment"])("demands those given by %s instead", async (way) => {
      const keys = { publicKey: "pk-given", secretKey: "sk-given" };
      const made = printedKeys((await run(beyond())).output);
      const flags = ["--public-key", keys.publicKey, "--secret-key", keys.secretKey];
      if (way === "environment") {
        vi.stubEnv("PLAYHEAD_STUDIO_PUBLIC_KEY", keys.publicKey);
        vi.stubEnv("PLAYHEAD_STUDIO_SECRET_KEY", keys.secretKey);
      }
      const outcome = await run(beyond(...(way === "flags" ? flags : [])), async (output) => {
        expect(await statusWith(output, keys)).toBe(200);
        expect(await statusWith(output, made)).toBe(401);
      });
      expect(outcome.output).not.toMatch(/pk-given|sk-given/);
      expect(await readStored()).not.toMatch(/[ps]k-given/);
    });

    it("names the variable that is missing in the environment", async () => {
      vi.stubEnv("PLAYHEAD_STUDIO_PUBLIC_KEY", "pk-given");
      expect(await run(beyond())).toEqual({
        code: 1,
        output: "",
        errors:
          "Expected PLAYHEAD_STUDIO_PUBLIC_KEY and PLAYHEAD_STUDIO_SECRET_KEY together, " +
          "got no PLAYHEAD_STUDIO_SECRET_KEY.\n",
      });
    });

    it("does not spend keys on a start that fails", async () => {
      const { port } = await openStudio();
      const path = join(folder, "studio.db");
      const taken = ["studio", "--new-keys", "--port", `${port}`, "--db", path];
      expect((await run(taken)).code).toBe(1);
      expect(printedKeys((await run(beyond())).output).secretKey).toMatch(/^sk-lf-[0-9a-f]{48}$/);
    });

    it("leaves loopback open, unless --new-keys asks for more", async () => {
      const db = join(folder, "studio.db");
      await run(beyond());
      await run(["studio", "--port", "0", "--db", db], async (output) => {
        expect((await fetch(`${urlOf(output)}/api/public/projects`)).status).toBe(200);
      });
      await run(["studio", "--port", "0", "--db", db, "--new-keys"], async (output) => {
        expect((await fetch(`${urlOf(output)}/api/public/projects`)).status).toBe(401);
        expect(await statusWith(output, printedKeys(output))).toBe(200);
      });
    });

    it("demands those of --new-keys on loopback at later starts as well, until --no-keys", async () => {
      const onLoopback = ["studio", "--port", "0", "--db", join(folder, "studio.db")];
      const statusWithout = async (output: string): Promise<number> =>
        (await fetch(`${urlOf(output)}/api/public/projects`)).status;
      const first = printedKeys((await run([...onLoopback, "--new-keys"])).output);
      const second = await run(onLoopback, async (output) => {
        expect(await statusWithout(output)).toBe(401);
        expect(await statusWith(output, first)).toBe(200);
      });
      expect(second.output).not.toContain(first.secretKey);
      expect(second.output).toContain("--no-keys");
      for (const args of [[...onLoopback, "--no-keys"], onLoopback]) {
        await run(args, async (output) => expect(await statusWithout(output)).toBe(200));
      }
      // Beyond loopback there are keys all the same.
      await run(beyond(), async (output) => {
        expect(await statusWithout(output)).toBe(401);
        expect(await statusWith(output, first)).toBe(200);
      });
    });

    it("does not open itself beyond loopback for --no-keys", async () => {
      const outcome = await run(beyond("--no-keys"));
      expect(outcome).toMatchObject({ code: 1, output: "" });
      expect(outcome.errors).toContain("--public-key");
    });

    it.each([
      [["--new-keys", "--no-keys"], "Expected --new-keys or --no-keys, got both"],
      [["--no-keys", "--public-key", "pk", "--secret-key", "sk"], "(--public-key), got both"],
    ])("does not understand %j: exit code 2", async (flags, message) => {
      const outcome = await run(beyond(...flags));
      expect(outcome).toMatchObject({ code: 2, output: "" });
      expect(outcome.errors).toContain(message);
    });

    it("does not understand --new-keys together with given ones: exit code 2", async () => {
      const keys = ["--public-key", "pk", "--secret-key", "sk"];
      const outcome = await run(beyond("--new-keys", ...keys));
      expect(outcome).toMatchObject({ code: 2, output: "" });
      expect(outcome.errors).toContain("(--public-key), got both");
    });
  });

  it.each([
    [
      ["--public-key", "pk"],
      "Expected --public-key and --secret-key together, got no --secret-key",
    ],
    [
      ["--secret-key", "sk"],
      "Expected --public-key and --secret-key together, got no --public-key",
    ],
  ])("wants both keys: %j", async (keys, message) => {
    const outcome = await run(["studio", "--port", "0", "--db", ":memory:", ...keys]);
    expect(outcome).toEqual({ code: 1, output: "", errors: `${message}.\n` });
  });

  it("names path, reason and flag when the file cannot be opened", async () => {
    const outcome = await run(["studio", "--port", "0", "--db", folder]);
    expect(outcome).toEqual({
      code: 1,
      output: "",
      errors:
        `Expected ${folder} to be a database of the studio, or a file to create, got a folder. ` +
        'Choose another file (--db); ":memory:" keeps nothing.\n',
    });
  });

  it("names address, reason and flags when it cannot listen", async () => {
    const keys = ["--public-key", "pk", "--secret-key", "sk"];
    const place = ["--host", "192.0.2.1", "--port", "0", "--db", ":memory:"];
    const outcome = await run(["studio", ...place, ...keys]);
    expect(outcome).toEqual({
      code: 1,
      output: "",
      errors:
        "Expected to listen on 192.0.2.1, port 0, got an address that is not one of this machine. " +
        "Choose another address (--host; 127.0.0.1 is this machine alone) or port (--port).\n",
    });
  });

  // Windows opens with a builtin of its shell, which no file in PATH stands in for.
  describe.skipIf(process.platform === "win32")("--open", () => {
    const OPENER = process.platform === "darwin" ? "open" : "xdg-open";
    const ARGS = ["studio", "--port", "0", "--db", ":memory:", "--open"];
    let path: string | undefined;
    beforeEach(() => {
      path = process.env["PATH"];
      process.env["PATH"] = folder; // where there is no opener but the one a test puts there
    });
    afterEach(() => {
      process.env["PATH"] = path;
    });

    async function putOpener(script: string): Promise<void> {
      await writeFile(join(folder, OPENER), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }

    it("opens the page's address in the browser", async () => {
      const opened = join(folder, "opened");
      await putOpener(`echo "$@" > "${opened}.part" && /bin/mv "${opened}.part" "${opened}"`);
      let url = "";
      const outcome = await run(ARGS, async (output) => {
        url = /http:\/\/\S+/.exec(output)?.[0] ?? "";
        await expect.poll(() => existsSync(opened), { timeout: 10_000 }).toBe(true);
      });
      expect(await readFile(opened, "utf8")).toBe(`${url}\n`);
      expect(outcome).toMatchObject({ code: 0, errors: "" });
    });

    it.each([
      ["fails", "exit 3"],
      ["is not there", undefined],
    ])("notes that the opener %s, and serves on", async (_, script) => {
      if (script !== undefined) await putOpener(script);
      let url = "";
      const outcome = await run(ARGS, async (output, errors) => {
        url = /http:\/\/\S+/.exec(output)?.[0] ?? "";
        await expect.poll(errors, { timeout: 10_000 }).not.toBe("");
        expect((await fetch(`${url}/api/public/health`)).status).toBe(200);
      });
      expect(outcome).toMatchObject({
        code: 0,
        errors: `Could not open a browser with ${OPENER}; open ${url} yourself.\n`,
      });
    });
  });

  it.each([
    [["--port", "70000"], 'Expected --port from 0 to 65535, got "70000"'],
    [["--port", ""], 'Expected --port from 0 to 65535, got ""'],
    [["--port", "x"], 'Expected --port from 0 to 65535, got "x"'],
    [["--prot", "1"], "Unknown option '--prot'"],
    [["extra"], "extra"],
  ])("does not understand %j: exit code 2", async (args, message) => {
    const outcome = await run(["studio", ...args]);
    expect(outcome).toMatchObject({ code: 2, output: "" });
    expect(outcome.errors).toContain(message);
    expect(outcome.errors).toContain("playhead studio --help");
  });

  it("explains itself", async () => {
    const outcome = await run(["studio", "--help"]);
    expect(outcome).toMatchObject({ code: 0, errors: "" });
    const flags = ["port", "db", "host", "open", "new-keys", "no-keys", "public-key", "secret-key"];
    for (const flag of flags) expect(outcome.output).toContain(`--${flag}`);
  });
});

describe("playhead", () => {
  it.each(["--help", "-h", "help"])("lists its commands for %s", async (flag) => {
    const outcome = await run([flag]);
    expect(outcome.code).toBe(0);
    expect(outcome.output).toContain("studio");
  });

  it("prints its version", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, output: `${version}\n`, errors: "" });
  });

  it("lists its commands with exit code 2 when none is given", async () => {
    expect((await run([])).code).toBe(2);
  });

  it.each(["stduio", "constructor", "__proto__"])("does not know the command %s", async (name) => {
    const outcome = await run([name]);
    expect(outcome).toMatchObject({ code: 2, output: "" });
    expect(outcome.errors).toContain(
      `Expected a command (studio, sessions, show, doctor, export, import, push), got "${name}"`,
    );
  });
});

describe("a runtime without SQLite", () => {
  // The message is only given where neither is there, so the program runs away from the repository,
  // where no package is found.
  it.skipIf(process.getBuiltinModule?.("node:sqlite") !== undefined)(
    "is told which two ways there are (skipped where node:sqlite is built in)",
    async () => {
      const cli = join(folder, "cli.mjs");
      await copyFile(fileURLToPath(new URL("../../dist/cli.js", import.meta.url)), cli);
      const args = [cli, "studio", "--port", "0", "--db", join(folder, "studio.db")];
      const { exitCode, stdout, warnings } = await runProcess(process.execPath, args, {
        cwd: folder,
        environment: { NODE_PATH: "" },
      });
      expect({ exitCode, stdout, warnings }).toEqual({
        exitCode: 1,
        stdout: "",
        warnings: [
          `The studio stores in SQLite, and Node ${process.versions.node} has none built in. ` +
            "Either run it with Node 22.13 or newer, or add the package: npm install @photostructure/sqlite " +
            "(without a project: npx -p playhead -p @photostructure/sqlite playhead studio).",
        ],
      });
      expect(existsSync(join(folder, "studio.db"))).toBe(false);
    },
  );
});
