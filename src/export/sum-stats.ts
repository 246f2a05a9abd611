import type { DeliveryCounts, LossReasons, Stats, TargetStats } from "../diagnostics/stats";

/** The account of all targets together: a span that goes to two of them counts twice. */
export function sumStats(targets: readonly TargetStats[]): Omit<Stats, "held" | "targets"> {
  const [only] = targets;
  if (only !== undefined && targets.length === 1) {
    // Each by its name: what is left of an object is one that the engine has to search.
    const { offered, delivered, rejected, dropped, pending } = only;
    const { bytes, reasons, spooled, scores } = only;
    return { offered, delivered, rejected, dropped, pending, bytes, reasons, spooled, scores };
  }
  return {
    ...sumCounts(targets),
    bytes: sumCounts(targets.map(({ bytes }) => bytes)),
    reasons: sumReasons(targets.map(({ reasons }) => reasons)),
    spooled: targets.reduce((sum, { spooled }) => sum + spooled, 0),
    scores: {
      ...sumCounts(targets.map(({ scores }) => scores)),
      reasons: sumReasons(targets.map(({ scores }) => scores.reasons)),
    },
  };
}

function sumCounts(all: readonly DeliveryCounts[]): DeliveryCounts {
  const sum = (name: keyof DeliveryCounts): number =>
    all.reduce((total, counts) => total + counts[name], 0);
  return {
    offered: sum("offered"),
    delivered: sum("delivered"),
    rejected: sum("rejected"),
    dropped: sum("dropped"),
    pending: sum("pending"),
  };
}

function sumReasons(all: readonly LossReasons[]): LossReasons {
  const total: Record<string, number> = {};
  for (const reasons of all) {
    for (const [reason, count] of Object.entries(reasons)) {
      total[reason] = (total[reason] ?? 0) + count;
    }
  }
  return total;
}
