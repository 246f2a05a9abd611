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

/** Event streams that may be open at a time; browsers hold one for all tabs. */
export const MAX_EVENT_STREAMS = 256;

/** Changes that are kept for readers whose connection broke. */
export const MAX_KEPT_EVENTS = 1_000;

/** The same, in bytes: 1 MiB. */
export const MAX_KEPT_EVENT_BYTES = 1024 * 1024;

/** Bytes an event stream may be behind before it is closed; its reader connects again. */
export const MAX_EVENT_BACKLOG_BYTES = 1024 * 1024;

/** Time that open requests get to finish on `close()`, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 2_000;

/** Time between two looks for idle connections while closing, in milliseconds. */
export const IDLE_SWEEP_MS = 20;

/** Bytes of request bodies, unpacked, that the studio holds at a time: 128 MiB. Then it answers 429. */
export const MAX_INTAKE_BYTES = 128 * 1024 * 1024;

/** Observations that may wait for their commit before the studio answers 429. */
export const MAX_WAITING_ROWS = 200_000;

/** Observations of one request that are written at a time; others get their turn in between. */
export const ROWS_PER_WRITE = 1_000;

/** When to come again, told with a 429, in seconds: what waits is written by then. */
export const RETRY_WHEN_FULL_SECONDS = 1;

/** When to come again, told with a 503, in seconds: somebody has to free the disk, or the file. */
export const RETRY_WHEN_UNAVAILABLE_SECONDS = 5;

/** Largest list of traces to delete, in bytes: a thousand of the longest ids. */
export const MAX_DELETE_BODY_BYTES = 4 * 1024 * 1024;

/** Free pages that are given back to the file system at a time: 4 MiB. */
export const PAGES_PER_SHRINK = 1_000;

/** Time since the last activity for which a session counts as live, in milliseconds: 10 minutes. */
export const LIVE_MS = 600_000;

/** Ids of which the studio remembers that they were written to lately. */
export const MAX_RECENT_IDS = 100_000;

/** Time between two looks for what is too old or too much, in milliseconds. */
export const RETENTION_INTERVAL_MS = 10_000;

/** Share of the largest size that deletion goes down to, so that it does not start for each trace. */
export const SHRINK_TO_SHARE = 0.9;

/**
 * Age from which files that no trace refers to are too much, and updates whose observation never
 * came, in milliseconds: a day.
 */
export const STRAY_MS = 86_400_000;

/** Time that the answer to a deletion waits for the search to forget what was deleted, in milliseconds. */
export const MAX_PURGE_WAIT_MS = 1_000;

/** Largest legacy batch, after decompression, in bytes: 4.5 MiB, as in Langfuse. */
export const MAX_BATCH_BYTES = 4.5 * 1024 * 1024;
/** Time in which the headers of a request must be there, in milliseconds. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** Time in which a request must be there with its body, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 60_000;

/** Largest request line and headers together, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Connections that may be open at a time. */
export const MAX_CONNECTIONS = 2_048;

/** Time after which a reader has to sign in again, in milliseconds: 7 days. */
export const SIGN_IN_LIFETIME_MS = 7 * 24 * 3_600_000;

/** Readers that may be signed in at a time; one more signs the oldest out. */
export const MAX_SIGN_INS = 1_000;

/** Wrong keys that one address may try on the sign-in page within {@link FAILURE_WINDOW_MS}. */
export const MAX_FAILURES = 10;

/** From the first wrong key on, in milliseconds. */
export const FAILURE_WINDOW_MS = 5 * 60_000;

/** Addresses whose failures are counted one by one; beyond that, the rest counts as one. */
export const MAX_COUNTED_ADDRESSES = 10_000;

/** Largest form of the sign-in page, in bytes. */
export const MAX_SIGN_IN_BYTES = 16 * 1024;

/** For one request to the endpoint that a session is sent to, in milliseconds. */
export const HANDOVER_REQUEST_MS = 60_000;
