import { describe, expect, it } from "vitest";
import { redactionOf } from "./support";

const cards = redactionOf("creditCard", "[redacted card]");
const ibans = redactionOf("iban", "[redacted iban]");

describe("the preset creditCard", () => {
  it.each([
    "«4111111111111111»",
    "«4111 1111 1111 1111»",
    "«4111-1111-1111-1111» exp 12/27",
    "card 1227 «4111 1111 1111 1111» 123",
    "«5555555555554444» Mastercard",
    "«2223003122003222» Mastercard of the new range",
    "«378282246310005» and «3714 496353 98431» Amex",
    "«30569309025904» Diners",
    "«6011111111111117» Discover",
    "«3530111333300000» JCB",
    "«6200000000000005» UnionPay",
    "«6759649826438453» Maestro",
    "«4222222222222»",
    "(«4111111111111111»)",
    "card=«4111111111111111»&cvc=123",
    "line\\n«4111111111111111»",
    "id_«4111111111111111».",
  ])("finds %s", (line) => {
    const { text, expected } = cards.read(line);
    expect(cards.redact(text)).toBe(expected);
  });

  it.each([
    "4111111111111112",
    "4111 1111 1111 1112",
    "1723456789123",
    "1723456789123456789",
    "0.4111111111111111",
    "41111111111111110000000",
    "4111 1111-1111 1111",
    "a4111111111111111",
    "4111111111111111f",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "4111.1111.1111.1111",
    "12345678901234567890123456789012",
    "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "2024-08-06T12:00:00",
    "7992739871300000",
  ])("leaves %s", (text) => {
    expect(cards.redact(text)).toBe(text);
  });

  it("makes a text of a number of JSON", () => {
    expect(cards.redact('{"card":4111111111111111,"n":4111111111111112}')).toBe(
      '{"card":"[redacted card]","n":4111111111111112}',
    );
  });
});

describe("the preset iban", () => {
  it.each([
    "«DE89370400440532013000»",
    "«DE89 3704 0044 0532 0130 00»",
    "IBAN: «DE89-3704-0044-0532-0130-00».",
    "«DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000»",
    "«de89370400440532013000»",
    "«GB82WEST12345698765432» is British",
    "«GB82 WEST 1234 5698 7654 32»",
    "«FR1420041010050500013M02606»",
    "«NL91ABNA0417164300»",
    "«CH9300762011623852957»",
    "«AT611904300234573201»",
    "«ES9121000418450200051332»",
    "«NO9386011117947»",
    "«MT84MALT011000012345MTLCAST001S»",
    "«PL61109010140000071219812874»",
    "line\\n«DE89370400440532013000»",
    "iban=«BE68539007547034»&x",
  ])("finds %s", (line) => {
    const { text, expected } = ibans.read(line);
    expect(ibans.redact(text)).toBe(expected);
  });

  it.each([
    "DE89370400440532013001",
    "DE8937040044053201300",
    "DE893704004405320130000",
    "DE89 3704 0044 0532 0130",
    "XX89370400440532013000",
    "ADE89370400440532013000",
    "DE89 370400440532013000",
    "gb82west12345698765432",
    "AT 12 o'clock",
    "MP3 and A4 and B12",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "DE89DE89DE89DE89DE89DE",
  ])("leaves %s", (text) => {
    expect(ibans.redact(text)).toBe(text);
  });
});
