/** One transparent pixel, as base64. */
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** How files of each kind begin. */
export const HEADS: readonly (readonly [contentType: string, head: Buffer])[] = [
  ["image/png", Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
  ["image/jpeg", Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF", "latin1")],
  ["image/gif", Buffer.from("GIF89a")],
  ["image/webp", Buffer.from("RIFF\x24\0\0\0WEBPVP8 ", "latin1")],
  ["image/bmp", Buffer.from("BM\x3a\0\0\0\0\0\0\0\x36\0\0\0", "latin1")],
  ["application/pdf", Buffer.from("%PDF-1.7\n")],
  ["audio/wav", Buffer.from("RIFF\x24\0\0\0WAVEfmt ", "latin1")],
  ["audio/mpeg", Buffer.from("ID3\x04\0", "latin1")],
  ["audio/ogg", Buffer.from("OggS\0", "latin1")],
  ["audio/flac", Buffer.from("fLaC\0", "latin1")],
  ["video/mp4", Buffer.from("\0\0\0\x18ftypisom", "latin1")],
  ["video/webm", Buffer.from("\x1aE\xdf\xa3\x9f", "latin1")],
];
