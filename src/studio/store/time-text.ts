/** Microseconds since the epoch as ISO 8601 in UTC with six decimals. */
export function isoMicros(us: number): string {
  const ms = Math.floor(us / 1000);
  const rest = us - ms * 1000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

/** The same with milliseconds, as the Langfuse API writes times. */
export function isoMillis(us: number): string {
  return new Date(Math.floor(us / 1000)).toISOString();
}

/** Reads ISO 8601 with up to microseconds; undefined for what is no time. */
export function parseIsoMicros(text: string): number | undefined {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const decimals = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? "";
  return ms * 1000 + Number(decimals.padEnd(3, "0"));
}
