import { describe, expect, it } from "vitest";
import { createTextRedactor } from "../../../src/capture/redact/redact-text";
import { redactionOf } from "./support";

const { redact, read } = redactionOf("phone", "[redacted phone]");

describe("the preset phone", () => {
  it.each([
    "«+14155552671»",
    "«+1 415 555 2671», please",
    "«+1-415-555-2671»",
    "«+1 (415) 555-2671»",
    "«+1.4155552671»",
    "«+49 151 23456789»",
    "«+49 (0)30 1234567»",
    "«+44 20 7946 0958»",
    "«+33 1 23 45 67 89».",
    "«+86 138 1234 5678»",
    "«+91 98765 43210»",
    "«+55 (11) 91234-5678»",
    "«0049 151 23456789»",
    "tel:«+49-30-1234567»",
    "call («415») is no number, «(415) 555-2671» is",
    "«(415)555-2671»",
    "«415-555-2671»",
    "«415.555.2671»",
    "call «415 555 2671» now",
    "San Francisco, CA 94105 «415-555-2671»",
    "«1-800-555-0199»",
    "«1 (800) 555-0199»",
    "«030 12345678»",
    "«0151/23456789»",
    "«0151-23456789»",
    "«(030) 12 34 56 78»",
    "«020 7946 0958»",
    "«01 23 45 67 89»",
    "«01.23.45.67.89»",
    "«090-1234-5678»",
    "«0412 345 678»",
    "«(11) 91234-5678»",
    "«138 1234 5678»",
    "phone: «5551234567»",
    "Tel. No.: «5551234»",
    "mobile=«015123456789»",
    "my whatsapp «4915123456789»",
    '\\"phone\\":\\"«5551234567»\\"',
    "line\\n«415-555-2671»",
    "a «(415) 555-2671», b «(212) 555-0100»",
    "«415-555-2671» «212-555-0100» «312-555-0199»",
    "«+49 151 1234567»,«+49 151 1234568» «(415) 555-2671»",
  ])("finds %s", (line) => {
    const { text, expected } = read(line.replace("(«415»)", "(415)"));
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "2024-08-06",
    "2024-08-06T12:00:00.000+02:00",
    "06.08.2024 12:30",
    "01-02-2024",
    "1999-12-31 23:59:59",
    "gpt-4o-2024-08-06 and claude-3-5-sonnet-20241022",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "12345678-1234-1234-1234-123456789012",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00f067aa0ba902b7",
    "1723456789 1723456789123",
    "order 123456789012",
    "$1,234,567.89 and 1.234.567,89 EUR",
    "v1.2.3-beta.4, 10.0.19045.3570",
    "192.168.100.200",
    "lat +37.774929, lon -122.419416",
    "ISBN 978-3-16-148410-0",
    "(2019) 123-456",
    "pages 100-200, 300-400",
    "1 1 1 1 1 1 1 1 1 1",
    "01 02 03 04 05 06 07 08 09 10",
    "DE89 3704 0044 0532 0130 00",
    "4111 1111 1111 1111",
    "score 0.1234567890",
    "[0.0123, 0.4567, -0.9876]",
    "temperature 0.7, max_tokens 1024",
    "114-3941689-8772232",
    "SSN 123-45-6789",
    "5+12345678",
    "ratio 16:9, 1920x1080",
    "f415-555-2671abc",
  ])("leaves %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ["+4915123456789", ","],
    ["+49 151 23456789", "/"],
    ["+49 151 23456789", ""],
    ["(415) 555-2671", ","],
    ["415-555-2671", " "],
    ["1-800-555-0199", ","],
    ["+1 (415) 555-2671", ";"],
  ])("finds every number of a long list of %s joined by «%s»", (number, separator) => {
    const list = (text: string): string => Array(50_000).fill(text).join(separator);
    expect(redact(list(number))).toBe(list("[redacted phone]"));
  });

  it.each([
    "01-23-45-67-89-01-23-45-67-89",
    "038/17-03-2011/056/29-02-2024/068/22-12-2025",
    "03816/03107/0492/03180",
    "079-83-9674:057-07-7686:015-61-9212",
  ])("leaves groups of digits alone that a sign joins: %s", (digits) => {
    expect(redact(digits)).toBe(digits);
  });

  it.each([
    "415-555-2671 7, call «212-555-0100»",
    "415-555-2671 7 «212-555-0100»",
    "415-555-2671-9 «(212) 555-0100»",
  ])("takes nothing along that does not stand right before a number: %s", (line) => {
    const { text, expected } = read(line);
    expect(redact(text)).toBe(expected);
  });

  it("leaves groups of digits alone of which the last is no number", () => {
    const digits = "415-555-2671 415-555-2671 415-55";
    expect(redact(digits)).toBe(digits);
  });

  it("finds numbers behind names of JSON, however they are written", () => {
    expect(redact('{"phone":"5551234567","mobileNumber":5551234567,"id":"5551234567"}')).toBe(
      '{"phone":"[redacted phone]","mobileNumber":"[redacted phone]","id":"5551234567"}',
    );
    expect(createTextRedactor(["email"])('{"phone":"5551234567"}')).toBe('{"phone":"5551234567"}');
  });
});
