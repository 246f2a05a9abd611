/**
 * Environment variables of a studio: where commands find it, and its keys, which `playhead studio`
 * demands and the others show. Not `LANGFUSE_*`: those are what applications send, and in the same shell
 * may well be the keys of another server.
 */
export const STUDIO_VARIABLES = {
  baseUrl: "PLAYHEAD_STUDIO_URL",
  publicKey: "PLAYHEAD_STUDIO_PUBLIC_KEY",
  secretKey: "PLAYHEAD_STUDIO_SECRET_KEY",
} as const;
