import { describe, expect, it } from "vitest";
import { redactionOf } from "./support";

const { redact, read } = redactionOf("email", "[redacted email]");

describe("the preset email", () => {
  it.each([
    "«jane@example.com»",
    "Write to «jane.doe+news@mail.example.co.uk».",
    "From: Jane Doe <«jane_doe@example.org»>",
    "mailto:«o'brien@example.ie»?subject=hi",
    "'«jane@example.com»'",
    "(«a@b.co»), «c@d.io»; «e@f.dev»",
    "https://example.com/?email=«jane%40example.com»&x=1",
    "https://example.com/?email=«jane@example.com»&x=1",
    "https://«jane@example.com»/path",
    "«用户@例子.中国»",
    "邮箱是«jane@example.com»，谢谢",
    "请联系«jane@example.com»谢谢",
    "«jane@例子.中国»",
    "«иван@почта.рф»",
    "«jane@example.com»… «jane@example.com»— “«jane@example.com»”",
    "«jürgen@müller.de»",
    "«jane@xn--mller-kva.de»",
    "«root@10.0.0.1»",
    "@«jane@mastodon.social»",
    "«1234@qq.com»",
    "user:«jane@example.com»:42",
    'log "to":"«jane@example.com»"',
    "a line\\n«jane@example.com»",
    "\\u00e4«jane@example.com»",
    "mail «jane@exa»...[cut: 12 bytes]",
    "«jane@example.com»...[cut: 12 bytes]",
    "%«2Bjane@example.com»",
    "«jane@example.com»-based, «jane@mail-a.example.com»",
    "«jane@example.com»-«joe@example.com»-«ann@example.org»",
  ])("finds %s", (line) => {
    const { text, expected } = read(line);
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "meet me @ 5pm",
    "@decorator() class A {}",
    "npm i @types/node@20.1.0 react@18.2.0",
    "logo@2x.png and icon@3x.webp",
    "logo@2x.png-old",
    "lodash@4.17.21-rc.1 and next@15.0.0-canary.3",
    "git clone git@github.com:owner/repo.git",
    "git clone git@github.com-work:owner/repo.git",
    "https://medium.com/@writer/some-post",
    "const y = a@b.T",
    "user@localhost",
    "jane@",
    "@example.com",
    "jane @ example.com",
    "a@@b.co",
    "@@@langfuseMedia:type=image/png|id=k3jB8uVQp1Zr2sT4wXyZ0A|source=base64_data_uri@@@",
    "price: 5@1.20",
  ])("leaves %s", (text) => {
    expect(redact(text)).toBe(text);
  });
});
