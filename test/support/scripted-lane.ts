import { setImmediate as nextTurn } from "node:timers/promises";
import { createDiagnostics } from "../../src/diagnostics/logger";
import type { DeliveryEvent } from "../../src/diagnostics/stats";
import type { DeliveryLimits } from "../../src/export/delivery-options";
import type { Lane } from "../../src/export/lane";
import { framedLength } from "../../src/export/protobuf-writer";
import type { SendResult } from "../../src/export/send";
import {
  createSpanItem,
  createSpanLane,
  type SpanItem,
  spanIdOf,
  toSpanRecord,
} from "../../src/export/span-lane";
import { openSpool } from "../../src/export/spool/open-spool";
import { createLevelLog } from "./level-log";
import { createRecord, encodeBody } from "./span-records";

/** An attempt that waits for the test to say what came of it. */
export interface LaneAttempt {
  readonly items: readonly SpanItem[];
  readonly ids: readonly string[];
  answer(result: SendResult<SpanItem>): Promise<void>;
}

export interface ScriptedLane {
  readonly lane: Lane<SpanItem>;
  readonly events: readonly DeliveryEvent[];
  readonly lines: readonly string[];
  /** Attempts not answered yet. */
  readonly open: readonly LaneAttempt[];
  /** Delivers a span with this number and about this much content. @returns its bytes */
  offer(number: number, contentBytes?: number): number;
}

export interface LaneSetup {
  readonly dir: string;
  readonly limits?: Partial<DeliveryLimits>;
  readonly maxSpoolBytes?: number;
  /** Writes each span to disk when it is offered. */
  readonly isDurable?: boolean;
}

const NOTHING = Buffer.alloc(0);

export const idOf = (number: number): string => number.toString(16).padStart(16, "0");

/** A lane for spans with a real folder on disk, whose attempts a test answers one by one. */
export function createScriptedLane({
  dir,
  limits = {},
  maxSpoolBytes = 10_000_000,
  isDurable = false,
}: LaneSetup): ScriptedLane {
  const { logger, lines } = createLevelLog();
  const diagnostics = createDiagnostics(logger, "info");
  const events: DeliveryEvent[] = [];
  const open = new Set<LaneAttempt>();
  const lane = createSpanLane({
    limits: {
      flushIntervalMs: 1,
      maxBatchItems: 4,
      maxBatchBytes: 10_000,
      maxQueueBytes: 1_000,
      concurrency: 2,
      ...limits,
    },
    maxFieldBytes: 4_096,
    endpoint: { name: "test", isOnly: true },
    diagnostics,
    onEvent: (event) => events.push(event),
    openSpool: (onLost) => openSpool({ dir, maxBytes: maxSpoolBytes, diagnostics, onLost }),
    send: (items) =>
      new Promise((resolve) => {
        const attempt: LaneAttempt = {
          items,
          ids: items.map(spanIdOf),
          async answer(result) {
            open.delete(attempt);
            resolve(result);
            await nextTurn();
          },
        };
        open.add(attempt);
      }),
  });
  return {
    lane,
    events,
    lines,
    get open() {
      return [...open];
    },
    offer(number, contentBytes = 0) {
      const record = createRecord({ spanId: idOf(number), input: "x".repeat(contentBytes) });
      const body = encodeBody(record);
      const byteLength = framedLength(body.length);
      const span = { body, traceAttributes: NOTHING, isRoot: false, byteLength };
      lane.account.offer(byteLength);
      lane.deliver(createSpanItem(span, isDurable ? lane.journal(toSpanRecord(span)) : undefined));
      return byteLength;
    },
  };
}
