import { join } from "node:path";
import { type FoundSegment, readHeader } from "./folder";
import { scanSegment } from "./scan-segment";
import type { SegmentSet } from "./segment-set";
import type { SpoolMessages } from "./spool-messages";

/**
 * Makes an orphan one of our segments and its records part of the backlog; leaves it where it is
 * when it cannot be read or somebody else was faster. Never rejects.
 * @returns how many records in it are damaged
 */
export async function adoptSegment(
  found: FoundSegment,
  {
    dir,
    segments,
    messages,
  }: { readonly dir: string; readonly segments: SegmentSet; readonly messages: SpoolMessages },
): Promise<number> {
  const header = readHeader(join(dir, found.fileName));
  if (header === "unknown") messages.unknown(found.fileName);
  if (header === undefined || header === "unknown") return 0;
  const segment = segments.claim(found);
  if (segment === undefined) return 0;
  try {
    const content = await scanSegment(segment.file.path);
    const { records, bounds, damagedCount, goodBytes, fileBytes } = content;
    // The spool was closed meanwhile. From here on nothing waits: the file stays ours to change.
    if (segment.isGone) return 0;
    segment.load(records, bounds);
    if (damagedCount > 0) messages.damaged(found.fileName);
    if (goodBytes < fileBytes) {
      messages.tail(found.fileName, fileBytes - goodBytes);
      segment.truncate(goodBytes);
    }
    segments.tidy();
    return damagedCount;
  } catch (error) {
    if (segment.isGone) return 0;
    messages.unreadable(found.fileName, error);
    segments.release(segment);
    return 0;
  }
}
