import { describe, expect, it } from "vitest";
import { redactionOf } from "./support";

const { redact, read } = redactionOf("secrets", "[redacted secret]");

/** Written apart, so that no scanner of repositories takes them for real ones. */
const join = (...parts: string[]): string => parts.join("");

const JWT =
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
const PEM =
  "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc+/def==\n-----END RSA PRIVATE KEY-----";

describe("the preset secrets finds keys of providers", () => {
  it.each([
    join("«sk-", "abcdefghijklmnopqrstuvwxyz123456»"),
    join("use «sk-", "proj-Ab12Cd34_Ef56-Gh78Ij90» please"),
    join("«sk-", "svcacct-Ab12Cd34Ef56Gh78»"),
    join("«sk-", "ant-api03-Ab12Cd34-Ef56_Gh78»"),
    join("«sk-", "or-v1-0123456789abcdef»"),
    join("«sk-", "lf-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d»"),
    join("«sk-", "1234567890»"),
    join("(«ghp_", "16C7e42F292c6912E7710c838347Ae178B4a»)"),
    join("«gho_", "16C7e42F292c6912E7710c838347Ae178B4a»"),
    join("«github_", "pat_11AAAAAAA0abcdefghij_klmnopqrstuvwxyz»"),
    join("«glpat-", "abcDEF123456_-xyz789»"),
    join("«xoxb-", "123456789012-1234567890123-AbCdEfGhIjKl»"),
    join("«xapp-", "1-A012345-123456-abcdef»"),
    join("«AKIA", "IOSFODNN7EXAMPLE»"),
    join("«ASIA", "IOSFODNN7EXAMPLE» «wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY»"),
    join("«AKIA", "IOSFODNN7EXAMPLE»,«wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY»\n"),
    join("«AIza", "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe»"),
    join("«ya29.", "a0AfH6SMBx-abc_def123456»"),
    join("«GOCSPX-", "abcDEF123456_-xyz789»"),
    join("«sk_", "live_4eC39HqLyjWDarjtT1zdp7dc»"),
    join("«sk_", "test_4eC39HqLyjWDarjtT1zdp7dc»"),
    join("«rk_", "live_4eC39HqLyjWDarjtT1zdp7dc»"),
    join("«whsec_", "4eC39HqLyjWDarjtT1zdp7dc»"),
    join("«SG.", "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr»"),
    join("«SK", "0123456789abcdef0123456789abcdef»"),
    join("«npm_", "abcDEF1234567890abcDEF1234567890abcd»"),
    join("«hf_", "AbCdEfGhIjKlMnOpQrStUvWxYz»"),
    join("«gsk_", "AbCdEfGhIjKlMnOpQrStUvWxYz123»"),
    join("«dop_v1_", "0123456789abcdef0123456789abcdef»"),
    join("«shpat_", "0123456789abcdef0123456789abcdef»"),
    join("«hvs.", "CAESIJ1234567890abcdefGHIJ»"),
    join("«pypi-", "AgEIcHlwaS5vcmcCJDEyMzQ1Njc4OTA»"),
    join("OPENAI_KEY_IN_TEXT is «sk-", "proj-Ab12Cd34Ef56Gh78»!"),
    join("a line\\n«sk-", "proj-Ab12Cd34Ef56Gh78»"),
    join("«sk-", "proj-Ab12»...[cut: 12 bytes]"),
    join("«ghp_", "16C7»...[cut: 12 bytes]"),
    `jwt is «${JWT}».`,
    `«${JWT.slice(0, 40)}»...[cut: 90 bytes]`,
    `cookie jar: session «${JWT}»`,
  ])("%s", (line) => {
    const { text, expected } = read(line);
    expect(redact(text)).toBe(expected);
  });

  it.each([
    [PEM, "[redacted secret]"],
    [`key:\n${PEM}\nrest`, "key:\n[redacted secret]\nrest"],
    [PEM.replaceAll("\n", "\\n"), "[redacted secret]"],
    [PEM.replaceAll("RSA ", ""), "[redacted secret]"],
    [PEM.replaceAll("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"), "[redacted secret]"],
    [`${PEM.slice(0, 50)}...[cut: 900 bytes]`, "[redacted secret]...[cut: 900 bytes]"],
    [`${PEM}\nand\n${PEM}`, "[redacted secret]\nand\n[redacted secret]"],
    ['-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,0A1B\n\nMIIE"', '[redacted secret]"'],
  ])("in PEM form: %j", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

describe("the preset secrets leaves", () => {
  it.each([
    "a task-force, a disk-drive, risk-averse-investors-everywhere",
    "sk-learn and sk-fading-circle",
    "css class sk-folding-cube",
    "pk-lf-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
    "gpt-4o-2024-08-06, claude-3-5-sonnet-20241022, o1-preview",
    "chatcmpl-9aBcDeFgHiJkLmNoPqRsTuVwXyZ",
    "call_abc123, msg_01XFDUDYJgAACzvnptvVoYEL, run_123, thread_abc",
    "eyJ is how JSON starts in base64: eyJhIjoxfQ==",
    "AKIA and ASIA are prefixes",
    "npm_config_registry, hf_hub_download, gsk_",
    "npm_lifecycle_event_of_the_package",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "https://example.com/a/b?c=d#e",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "data:image/png;base64,AKIAIOSFODNN7EXAMPLE+sk/ghp",
    "@@@langfuseMedia:type=image/png|id=sk-proj-Ab12Cd34Ef56Gh|source=base64_data_uri@@@",
    "SG.1 is a section",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ])("%s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
