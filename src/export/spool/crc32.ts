/** Reflected polynomial of CRC-32/ISO-HDLC, the one of zlib. */
const POLYNOMIAL = 0xedb88320;

/** Four tables of 256 after one another: table `n` is a byte followed by `n` zero bytes. */
let tables: Uint32Array | undefined;

/**
 * CRC-32 as zlib has it; its own is missing before Node 20.15.
 * @param seed - the checksum of what came before, so that parts can be summed one after the other
 * @returns an unsigned 32-bit number
 */
export function crc32(bytes: Uint8Array, seed = 0): number {
  tables ??= buildTables();
  const table = tables;
  const length = bytes.length;
  let crc = ~seed;
  let at = 0;
  // `?? 0` only tells the compiler what holds anyway: every index is within its array.
  for (; at + 4 <= length; at += 4) {
    crc ^=
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    crc =
      (table[768 + (crc & 0xff)] ?? 0) ^
      (table[512 + ((crc >>> 8) & 0xff)] ?? 0) ^
      (table[256 + ((crc >>> 16) & 0xff)] ?? 0) ^
      (table[crc >>> 24] ?? 0);
  }
  for (; at < length; at += 1) {
    crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

function buildTables(): Uint32Array {
  const built = new Uint32Array(4 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
    built[byte] = crc;
  }
  for (let index = 256; index < built.length; index += 1) {
    const shorter = built[index - 256] ?? 0;
    built[index] = (shorter >>> 8) ^ (built[shorter & 0xff] ?? 0);
  }
  return built;
}
