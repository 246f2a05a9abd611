import type { LookupFunction } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Transport } from "../../../src/export/transport";
import {
  createGuardedTransport,
  isForbiddenHost,
} from "../../../src/studio/handover/forbidden-hosts";
import { listen } from "../../support/listen";

const WORDS = "forbidden address (link-local, or of a cloud's own services)";
const REFUSAL = { failure: WORDS, isFinal: true };

/** A server on loopback; closes its connection with each answer, so that the next name is looked up. */
async function openServer(): Promise<{ readonly port: number; readonly paths: readonly string[] }> {
  const paths: string[] = [];
  const url = await listen((request, response) => {
    paths.push(request.url ?? "");
    const head = request.url === "/redirect" ? { location: "http://169.254.169.254/" } : {};
    response.writeHead(request.url === "/redirect" ? 302 : 200, { ...head, connection: "close" });
    response.end("taken");
  });
  return { port: Number(new URL(url).port), paths };
}

/** Closed after the test. @param answers - what the name stands for, one time after another */
function openTransport(...answers: readonly (readonly string[])[]): Transport {
  let asked = 0;
  const resolve: LookupFunction = (_name, options, callback) => {
    const found = (answers[asked] ?? answers.at(-1) ?? []).map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    asked += 1;
    if (options.all === true) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family);
  };
  const options = { headers: {}, timeoutMs: 5_000, connections: 2 };
  const transport = createGuardedTransport(options, resolve);
  onTestFinished(() => transport.close());
  return transport;
}

describe("a host", () => {
  it.each([
    "http://169.254.0.0/",
    "http://169.254.169.254:8080/latest",
    "http://169.254.255.255/",
    "http://2852039166/",
    "http://0xA9FEA9FE/",
    "http://0251.0376.0251.0376/",
    "http://169.16689662/",
    "http://169.254.169.254./",
    "http://[::ffff:169.254.169.254]/",
    "http://[::FFFF:a9fe:a9fe]/",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[fe80::1]/",
    "http://[FEBF:ffff::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fd00:0ec2:0:0:0:0:0:0254]/",
    "http://[fd20:ce::254]/",
    "http://100.100.100.200/",
    "https://168.63.129.16/",
    "http://[fd00:ec2::23]/",
    "http://[fd00:ec2:ffff:ffff:ffff:ffff:ffff:ffff]/",
    "http://192.0.0.192/",
    "http://[64:ff9b::100.100.100.200]/",
    "http://[64:ff9b::168.63.129.16]/",
    "http://[64:ff9b::192.0.0.192]/",
    "http://[::ffff:100.100.100.200]/",
    "http://[::ffff:168.63.129.16]/",
    "http://[::ffff:192.0.0.192]/",
    "http://[2002:6464:64c8::1]/",
    "http://[2002:a83f:8110::1]/",
    "http://[2002:c000:c0::1]/",
  ])("is forbidden: %s", (url) => {
    expect(isForbiddenHost(url)).toBe(true);
  });

  it.each([
    "http://127.0.0.1:3000/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://10.0.0.8/",
    "http://172.16.3.4/",
    "http://192.168.169.254/",
    "http://100.100.100.201/",
    "http://169.253.255.255/",
    "http://169.255.0.0/",
    "http://[fd00:ec1:ffff::254]/",
    "http://[fd00:ec3::254]/",
    "http://192.0.0.193/",
    "http://[64:ff9b::100.100.100.201]/",
    "http://[64:ff9b::10.0.0.8]/",
    "http://[2002:6464:64c9::1]/",
    "http://[fec0::1]/",
    "http://localhost/",
    "https://cloud.langfuse.com/",
  ])("is allowed: %s", (url) => {
    expect(isForbiddenHost(url)).toBe(false);
  });
});

describe("a guarded transport", () => {
  it("reaches a name of the team's own network", async () => {
    const { port } = await openServer();
    const transport = openTransport(["127.0.0.1"]);
    const answer = await transport.get(`http://langfuse.test:${port}/`);
    expect(answer).toMatchObject({ status: 200, text: "taken" });
  });

  it.each([["169.254.169.254"], ["::ffff:169.254.169.254"], ["fe80::1%lo"], ["fd00:ec2::254"]])(
    "refuses a name that stands for %s",
    async (address) => {
      expect(await openTransport([address]).get("http://langfuse.test/")).toEqual(REFUSAL);
    },
  );

  it("refuses a name that stands for another address by the time of the next request", async () => {
    const { port, paths } = await openServer();
    const transport = openTransport(["127.0.0.1"], ["169.254.169.254"]);
    const url = `http://langfuse.test:${port}/`;
    expect(await transport.get(url)).toMatchObject({ status: 200 });
    expect(await transport.get(url)).toEqual(REFUSAL);
    expect(paths).toEqual(["/"]);
  });

  it("takes what a name server says for no refusal, whatever its words are", async () => {
    const resolve: LookupFunction = (_name, _options, callback) => callback(new Error(WORDS), "");
    const options = { headers: {}, timeoutMs: 5_000, connections: 2 };
    const transport = createGuardedTransport(options, resolve);
    onTestFinished(() => transport.close());
    expect(await transport.get("http://langfuse.test/")).toEqual({ failure: WORDS });
  });

  it("goes to the other address of a name that has a link-local one as well", async () => {
    const { port } = await openServer();
    const transport = openTransport(["fe80::1", "127.0.0.1"]);
    expect(await transport.get(`http://langfuse.test:${port}/`)).toMatchObject({ status: 200 });
  });

  it("refuses a forbidden address in requests of each kind", async () => {
    const transport = openTransport(["127.0.0.1"]);
    const url = "http://[::ffff:169.254.169.254]/";
    const body = Buffer.from("{}");
    const post = { url, contentType: "application/json", body: [body], isGzipWanted: false };
    const upload = { method: "PUT", body, headers: {}, ownHeaders: "none" } as const;
    expect(await transport.get(url)).toEqual(REFUSAL);
    expect(await transport.post(post)).toEqual(REFUSAL);
    expect(await transport.exchange({ ...upload, url, timeoutMs: 5_000 })).toEqual(REFUSAL);
  });

  it("does not follow a redirect", async () => {
    const { port, paths } = await openServer();
    const transport = openTransport(["127.0.0.1"]);
    const answer = await transport.get(`http://langfuse.test:${port}/redirect`);
    expect(answer).toMatchObject({ status: 302 });
    expect(paths).toEqual(["/redirect"]);
  });
});
