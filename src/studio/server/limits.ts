/** Largest request body as it comes over the wire, in bytes: 32 MiB. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Largest request body after decompression, in bytes: 64 MiB. */
export const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

/** Largest body of a route that takes no captured content, in bytes: 1 MiB. */
export const MAX_SMALL_BODY_BYTES = 1024 * 1024;

/** Largest file that is kept, in bytes: 20 MiB. */
export const MAX_MEDIA_BYTES = 20 * 1024 * 1024;

/** Time for which an address to upload a file to, or to download it from, is valid, in milliseconds. */
export const MEDIA_URL_LIFETIME_MS = 3_600_000;

/** Time between two heartbeats of an event stream, in milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** Bytes an event stream may be behind before it is closed; its reader connects again. */
export const MAX_EVENT_BACKLOG_BYTES = 1024 * 1024;

/** Time that open requests get to finish on `close()`, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 2_000;

/** Time between two looks for idle connections while closing, in milliseconds. */
export const IDLE_SWEEP_MS = 20;
