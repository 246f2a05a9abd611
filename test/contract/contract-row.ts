/** Without keys, or with those of seed.ts; both hold what is described there. */
export type StudioUnderTest = "open" | "with_keys";

/**
 * One rule of Langfuse's wire contract: what is asked, and what is answered. `{comment}`,
 * `{config}` and `{media}` stand for the ids that the studio gave while it was filled.
 */
export interface ContractRow {
  /** Section of the contract that the rule stands in. */
  readonly section: string;
  readonly rule: string;
  /** `GET /api/public/sessions?limit=2` */
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON, text and bytes as they are. */
  readonly send?: unknown;
  /** @default "open" */
  readonly studio?: StudioUnderTest;
  readonly status: number;
  /** The whole answer, as JSON. */
  readonly body?: unknown;
  /** The whole answer, as text. */
  readonly text?: string;
  /** Of a list: the ids, in order. */
  readonly ids?: readonly string[];
  /** A part of the answer: all that stands here is there, and equal. */
  readonly part?: object;
  /** Of a 400 answer: the parameters or fields that its issues name, in order. */
  readonly problems?: readonly string[];
  /** What a read answers afterwards. */
  readonly afterwards?: Pick<ContractRow, "request" | "status" | "body" | "ids" | "part">;
}
