import type { TraceId } from "../attributes/ids";
import type { MediaAttachment } from "../attributes/media-attachment";
import type { BoundTrace } from "../attributes/span-record";
import {
  layMetadata,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../attributes/trace-attributes";
import type { FieldReader } from "./field-reader";
import { replaceMedia } from "./record-media";
import type { Sampling } from "./sampling";
import type { PropagatedAttributes, TraceFields } from "./types";

/** Every field there is, for instances of a class, whose members may be hidden. */
const FIELD_NAMES = Object.keys({
  name: true,
  sessionId: true,
  userId: true,
  tags: true,
  metadata: true,
  version: true,
  release: true,
  environment: true,
  public: true,
  input: true,
  output: true,
} satisfies Record<keyof TraceFields, true>) as (keyof TraceFields)[]; // as written

/**
 * One trace of this process: what its spans share, from the start of its local root to the end of
 * its last span. Updates may come from anywhere and at any time; spans read them when released.
 */
export class TraceState implements BoundTrace {
  readonly id: TraceId;
  /** Fixed, save that an undecided trace becomes forgotten or sampled; see keep-errors.ts. */
  sampling: Sampling;
  /** Unix milliseconds that the times of its spans count from; fixed, so that no clock jump shows. */
  readonly epochMs: number;
  /** The scope around its root: its first values, which therefore are no span's own. */
  readonly initialScope: TraceAttributes | undefined;
  attributes: TraceAttributes;
  isOver = false;
  held: object | undefined;
  /** Set by `updateTrace`: beat what the root has. */
  input: string | undefined;
  output: string | undefined;
  /** Whose tokens stand in these two. */
  media: readonly MediaAttachment[] | undefined;

  constructor(options: {
    id: TraceId;
    sampling: Sampling;
    epochMs: number;
    scope: TraceAttributes | undefined;
  }) {
    this.id = options.id;
    this.sampling = options.sampling;
    this.epochMs = options.epochMs;
    this.initialScope = options.scope;
    this.attributes = options.scope ?? NO_TRACE_ATTRIBUTES;
  }

  /** 32 hex digits. */
  get traceId(): string {
    return this.id.hex;
  }

  /** Its spans are worth recording: they leave, or may yet. */
  get isRecorded(): boolean {
    return this.sampling !== "unsampled";
  }

  update(fields: TraceFields, reader: FieldReader): void {
    const { attributes } = this;
    const draft: Draft = {
      name: attributes.name,
      sessionId: attributes.sessionId,
      userId: attributes.userId,
      version: attributes.version,
      release: attributes.release,
      environment: attributes.environment,
      tags: attributes.tags,
      public: attributes.public,
      metadata: attributes.metadata,
    };
    try {
      this.#applyAll(draft, fields, reader);
    } finally {
      this.attributes = draft; // what was read before a getter that throws counts
    }
  }

  #applyAll(draft: Draft, fields: TraceFields, reader: FieldReader): void {
    if (Object.getPrototypeOf(fields) === Object.prototype) {
      // Only what is there, as in `applyFields`.
      for (const name in fields) {
        const value = fields[name as keyof TraceFields]; // what is none changes nothing
        if (value !== undefined) this.#apply(draft, name, value, reader);
      }
      return;
    }
    for (const name of FIELD_NAMES) {
      const value = fields[name];
      if (value !== undefined) this.#apply(draft, name, value, reader);
    }
  }

  #apply(draft: Draft, name: string, value: unknown, reader: FieldReader): void {
    switch (name) {
      case "name":
      case "sessionId":
      case "userId":
      case "version":
      case "release":
      case "environment":
        draft[name] = value === null ? undefined : (reader.string(name, value) ?? draft[name]);
        return;
      case "tags":
        draft.tags = reader.tags(value);
        return;
      case "public":
        draft.public = value === null ? undefined : (value as boolean); // as it is given
        return;
      case "metadata":
        draft.metadata =
          value === null ? undefined : layMetadata(draft.metadata, readMetadata(value, reader));
        return;
      case "input":
      case "output":
        this.#applyContent(name, value, reader);
    }
  }

  #applyContent(name: "input" | "output", value: unknown, reader: FieldReader): void {
    const media = reader.collectMedia(name, value);
    this[name] = reader.text(value, media);
    this.media = replaceMedia(this.media, name, media?.attachments);
  }
}

type Draft = { -readonly [Name in keyof TraceAttributes]: TraceAttributes[Name] };

/** A scope inside another: its values win, tags add up, metadata is merged by key. */
export function widenScope(
  outer: TraceAttributes,
  given: PropagatedAttributes,
  reader: FieldReader,
): TraceAttributes {
  const tags = reader.tags(given.tags);
  return {
    name: reader.string("traceName", given.traceName) ?? outer.name,
    sessionId: reader.string("sessionId", given.sessionId) ?? outer.sessionId,
    userId: reader.string("userId", given.userId) ?? outer.userId,
    version: reader.string("version", given.version) ?? outer.version,
    environment: reader.string("environment", given.environment) ?? outer.environment,
    tags: outer.tags && tags ? [...new Set([...outer.tags, ...tags])] : (tags ?? outer.tags),
    metadata: layMetadata(outer.metadata, readMetadata(given.metadata, reader)),
    release: outer.release,
    public: outer.public,
  };
}

function readMetadata(
  metadata: unknown,
  reader: FieldReader,
): ReadonlyMap<string, string> | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  if (typeof metadata === "object" && !Array.isArray(metadata)) return reader.entries(metadata);
  return reader.entries({ metadata }); // what servers make of a bare value, too
}
