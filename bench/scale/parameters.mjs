/**
 * What docs/scale.md assumes. Each can be set: `node bench/scale.mjs --set tracesPerSecond=5`.
 * None is anybody's price or promise: measure yours.
 */
export const PARAMETERS = {
  /** Of one process, on average; they come at random. */
  tracesPerSecond: 1,
  /** Share of traces in which an observation fails. */
  errorShare: 0.02,
  /** The backend takes nothing for so long. */
  outageMinutes: 10,
  /** Gateways and backend are sized for so many times the average. */
  headroom: 2,
  /** Spans that one gateway with one core takes in, and sends on, per second. */
  gatewaySpansPerSecond: 10_000,
  /** A gateway sends so many spans at once, or what came within so long. */
  gatewayBatchSpans: 5_000,
  gatewayBatchSeconds: 1,
  /** What a gateway keeps while the backend is away, before compression. */
  gatewayQueueBytes: 1_073_741_824,
  /** What an open connection costs the gateway: buffers, TLS. */
  connectionBytes: 65_536,
  /** Spans per second for each core of the backend, all its parts together. */
  backendSpansPerCore: 1_000,
  /** How long the backend keeps what it got. */
  retentionMonths: 1,
  /** Copies of a row. */
  replicas: 2,
  /** Process to gateway, gateway to backend. */
  networkHops: 2,
  usdPerCoreHour: 0.04,
  /** What crosses a zone or leaves the network. */
  usdPerGbNetwork: 0.01,
  usdPerGbMonthDisk: 0.1,
  usdPerGbMonthObjects: 0.025,
};

/**
 * Sets what is given, here or among what was measured.
 * @param assignments - `name=number` each
 */
export function applySettings(assignments, measured) {
  const applied = { parameters: { ...PARAMETERS }, measured: { ...measured } };
  for (const assignment of assignments) {
    const [name, text] = assignment.split("=");
    const value = Number(text);
    const place = [applied.parameters, applied.measured].find((values) => name in values);
    if (place === undefined || !(value >= 0)) {
      const names = Object.keys({ ...PARAMETERS, ...measured }).join(", ");
      throw new Error(`Expected name=number, with one of ${names}; got ${assignment}`);
    }
    place[name] = value;
  }
  return applied;
}
