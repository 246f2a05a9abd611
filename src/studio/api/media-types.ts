/** How a file is shown. */
export type MediaKind = "image" | "audio" | "video";

/**
 * What a browser shows without running anything of it. No SVG: it may hold scripts, and links to
 * other hosts.
 */
const SHOWN: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ["png", "jpeg", "gif", "webp", "avif", "bmp"],
  audio: ["mpeg", "mp3", "mp4", "wav", "x-wav", "wave", "ogg", "webm", "aac", "flac", "opus"],
  video: ["mp4", "webm", "ogg", "quicktime"],
};

const KINDS: readonly MediaKind[] = ["image", "audio", "video"];

/** Content types that are shown in the page; every other one is offered as a download. */
export const INLINE_MEDIA_TYPES: ReadonlyMap<string, MediaKind> = new Map(
  KINDS.flatMap((kind) => SHOWN[kind].map((type) => [`${kind}/${type}`, kind] as const)),
);

/** Where the content of a file is, on the studio itself. @param id - as in a reference tag */
export function mediaContentPath(id: string): string {
  return `/api/public/media/${id}/content`;
}
