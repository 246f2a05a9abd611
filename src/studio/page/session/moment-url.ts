import { isEmbedded } from "../embedded";

/** What an address of a session says beside the session. */
export interface MomentAddress {
  /** `?t=12.5`: seconds from the start of the session, here in milliseconds. */
  readonly timeMs: number | null;
  /** `?observation=…` */
  readonly observationId: string | null;
}

/** What an address of a session may say when it is opened. */
export interface ArrivalAddress extends MomentAddress {
  /** `?trace=…`: the turn to begin at, such as the one that a search found. */
  readonly traceId: string | null;
}

/** @param search - of the address, with its question mark */
export function readMoment(search: string): ArrivalAddress {
  const parameters = new URLSearchParams(search);
  const given = parameters.get("t");
  const seconds = given === null || given.trim() === "" ? Number.NaN : Number(given);
  return {
    timeMs: Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1_000) : null,
    observationId: parameters.get("observation") || null,
    traceId: parameters.get("trace") || null,
  };
}

/** The address with this moment in it; what is null is left out. A moment stands instead of the turn to begin at. */
export function withMoment(address: string, moment: MomentAddress): string {
  const url = new URL(address);
  const { timeMs, observationId } = moment;
  if (timeMs === null) url.searchParams.delete("t");
  else url.searchParams.set("t", String(Math.round(timeMs) / 1_000));
  if (observationId === null) url.searchParams.delete("observation");
  else url.searchParams.set("observation", observationId);
  if (timeMs !== null || observationId !== null) url.searchParams.delete("trace");
  return url.href;
}

/** Puts a moment into the address bar, without a step in the history. */
export function showMoment(moment: MomentAddress): void {
  if (isEmbedded()) return; // a browser does not let a page in a file change its address
  const address = withMoment(location.href, moment);
  if (address !== location.href) history.replaceState(history.state, "", address);
}
