import { randomBytes } from "node:crypto";
import type { Owner } from "./owner";

/*
 * <created>-<counter>-<random>.<host>-<pid>-<start>.spool      written to by that process
 * <created>-<counter>-<random>.free.spool                      left by a spool that was closed
 *
 * The part before the first dot stays when a segment changes hands. It is unique, so that a rename
 * never replaces another segment.
 */
const NAME =
  /^((\d{1,16})-(\d{1,9})-[0-9a-f]{12})\.(?:free|([0-9a-z]+)-(\d{1,10})-([0-9a-z]+))\.spool$/;
const SUFFIX = ".spool";

export interface SegmentName {
  /** What stays when the owner changes. */
  readonly id: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Tells segments of the same process and millisecond apart. */
  readonly counter: number;
  /** Undefined: anybody may claim it. */
  readonly owner: Owner | undefined;
}

let counter = 0;

export function newSegmentName(createdAt: number, owner: Owner): SegmentName {
  counter += 1;
  const time = String(Math.max(0, Math.floor(createdAt))).padStart(13, "0");
  const id = `${time}-${counter}-${randomBytes(6).toString("hex")}`;
  return { id, createdAt, counter, owner };
}

export function formatSegmentName({ id, owner }: SegmentName): string {
  const held = owner === undefined ? "free" : `${owner.host}-${owner.pid}-${owner.start}`;
  return `${id}.${held}${SUFFIX}`;
}

/** @returns undefined for a file that is no segment */
export function parseSegmentName(fileName: string): SegmentName | undefined {
  const match = NAME.exec(fileName);
  if (match === null) return undefined;
  const [, id = "", createdAt, count, host, pid, start] = match;
  const owner =
    host === undefined || start === undefined ? undefined : { host, pid: Number(pid), start };
  return { id, createdAt: Number(createdAt), counter: Number(count), owner };
}

/** Oldest first. */
export function compareSegmentNames(left: SegmentName, right: SegmentName): number {
  return left.createdAt - right.createdAt || left.counter - right.counter;
}
