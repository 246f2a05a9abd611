import { TRACE_KEYS } from "./keys";

/**
 * The attributes of a trace in the form they go out in: texts, with metadata flattened to one text
 * per top-level key. Immutable: an update makes a new one, so identity tells versions apart.
 */
export interface TraceAttributes {
  readonly name?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly userId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: ReadonlyMap<string, string> | undefined;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
  readonly environment?: string | undefined;
  readonly public?: boolean | undefined;
}

export const NO_TRACE_ATTRIBUTES: TraceAttributes = Object.freeze({});

/** Takes attributes one by one, in the shapes OTLP has for them. */
export interface AttributeVisitor {
  string(key: string, value: string): void;
  strings(key: string, values: readonly string[]): void;
  boolean(key: string, value: boolean): void;
}

/** `top` laid over `base`: its fields win, metadata by key. A field that is undefined leaves the one below. */
export function layTraceAttributes(base: TraceAttributes, top: TraceAttributes): TraceAttributes {
  if (base === NO_TRACE_ATTRIBUTES) return top;
  if (top === NO_TRACE_ATTRIBUTES) return base;
  return {
    name: top.name ?? base.name,
    sessionId: top.sessionId ?? base.sessionId,
    userId: top.userId ?? base.userId,
    tags: top.tags ?? base.tags,
    metadata: layMetadata(base.metadata, top.metadata),
    version: top.version ?? base.version,
    release: top.release ?? base.release,
    environment: top.environment ?? base.environment,
    public: top.public ?? base.public,
  };
}

export function layMetadata(
  base: ReadonlyMap<string, string> | undefined,
  top: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> | undefined {
  if (base === undefined || top === undefined) return top ?? base;
  return new Map([...base, ...top]);
}

/**
 * Visits each attribute that is set, leaving out those that `own` has, too: what a span says itself
 * beats what its trace says, and no key may stand twice.
 */
export function visitTraceAttributes(
  attributes: TraceAttributes,
  visitor: AttributeVisitor,
  own: TraceAttributes = NO_TRACE_ATTRIBUTES,
): void {
  if (attributes === NO_TRACE_ATTRIBUTES) return;
  visitString(visitor, TRACE_KEYS.sessionId, attributes.sessionId, own.sessionId);
  visitString(visitor, TRACE_KEYS.userId, attributes.userId, own.userId);
  visitString(visitor, TRACE_KEYS.name, attributes.name, own.name);
  visitString(visitor, TRACE_KEYS.version, attributes.version, own.version);
  visitString(visitor, TRACE_KEYS.release, attributes.release, own.release);
  visitString(visitor, TRACE_KEYS.environment, attributes.environment, own.environment);
  if (attributes.tags !== undefined && own.tags === undefined) {
    visitor.strings(TRACE_KEYS.tags, attributes.tags);
  }
  if (attributes.public !== undefined && own.public === undefined) {
    visitor.boolean(TRACE_KEYS.public, attributes.public);
  }
  if (attributes.metadata === undefined) return;
  for (const [key, value] of attributes.metadata) {
    if (!own.metadata?.has(key)) visitor.string(`${TRACE_KEYS.metadata}.${key}`, value);
  }
}

function visitString(
  visitor: AttributeVisitor,
  key: string,
  value: string | undefined,
  ownValue: string | undefined,
): void {
  if (value !== undefined && ownValue === undefined) visitor.string(key, value);
}
