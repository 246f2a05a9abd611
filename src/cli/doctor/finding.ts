export type CheckName = "settings" | "address" | "version" | "clock" | "keys" | "send" | "read";

/** What one check found. */
export interface Finding {
  readonly check: CheckName;
  /** `warning`: it works, but not as it could. `skipped`: what it needs is not there. */
  readonly status: "ok" | "warning" | "failed" | "skipped";
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}
