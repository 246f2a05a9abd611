import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { observe } from "playhead";

const MAX_BYTES = 64 * 1024;
/** Where this example's users "upload" to: the root of the repository. */
const uploads = new URL("../../", import.meta.url);

/** @throws when there is no such file, or it is too large to go into a prompt */
export const readAttachment = observe(
  async function readAttachment(name: string): Promise<string> {
    const file = new URL(basename(name), uploads);
    const { size } = await stat(file);
    if (size > MAX_BYTES) {
      throw new Error(`${name} has ${size} bytes; attachments may have up to ${MAX_BYTES}.`);
    }
    return readFile(file, "utf8");
  },
  { name: "read-attachment", asType: "tool" },
);
