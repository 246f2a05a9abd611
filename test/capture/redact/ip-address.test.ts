import { describe, expect, it } from "vitest";
import { redactionOf } from "./support";

const { redact, read } = redactionOf("ipAddress", "[redacted ip]");

describe("the preset ipAddress", () => {
  it.each([
    "«192.168.0.1»",
    "from «10.0.0.1», to «8.8.8.8».",
    "«10.0.0.1»:8080",
    "http://«10.0.0.1»/path",
    "«10.0.0.0»/8",
    "«10.0.0.1»-«10.0.0.9»",
    "ip:«203.0.113.7»",
    "x-forwarded-for: «203.0.113.7», «70.41.3.18»",
    "«127.0.0.1» and «0.0.0.0» and «255.255.255.255»",
    "user@«10.0.0.1»",
    "/peers/«10.0.0.1»",
    "line\\n«10.0.0.1»",
    '\\"ip\\":\\"«10.0.0.1»\\"',
    "«2001:db8::8a2e:370:7334»",
    "«2001:0db8:85a3:0000:0000:8a2e:0370:7334»",
    "http://[«2001:db8::1»]:8080/",
    "[«::1»]:3000",
    "«fe80::1»%eth0",
    "«::ffff:10.0.0.1»",
    "«64:ff9b::192.0.2.33»",
    "peer «2001:db8::1».",
    "IPv6:«2001:db8::1»",
    "«2001:db8::»/32",
    "«2001:DB8:0:0:8:800:200C:417A»",
  ])("finds %s", (line) => {
    const { text, expected } = read(line);
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "256.1.1.1",
    "1.2.3",
    "1.2.3.4.5",
    "01.02.03.04",
    "v1.2.3.4",
    "version 1.2.3.4",
    "Version: 10.0.19045.1",
    "Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36",
    "pkg-1.2.3.4",
    "1.2.3.4-beta",
    "1.2.3.4a",
    "12:30:45",
    "2024-08-06T12:30:45Z",
    "std::vector<int> and std::chrono::bad",
    "abc::def, Face::Bad, a::b",
    "list[1::2] and x[::2] and y[10::1000]",
    "::before { content: '' }",
    "00:1a:2b:3c:4d:5e",
    "aa:bb:cc:dd:ee:ff:00:11",
    "1::2::3",
    "12345::1",
    "1:2:3:4:5:6:7:8:9",
    "ratio 16:9",
    "{a:1,b:2}",
    "3.14, 1,234.56",
  ])("leaves %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
