import type { JSX } from "preact";
import type { Publication } from "../../api/publication-types";
import { formatAbsoluteTime, formatRelativeTime } from "../../conversation/format";
import { useNow } from "../clock";
import { StaleBanner, UnreadBanner } from "../parts/notice";
import { PRESET_TEXTS } from "../parts/preset-texts";
import type { Resource } from "../resource";
import { hasExpired } from "./use-publications";

export interface PublicationRowsProps {
  readonly publications: Resource<readonly Publication[]>;
  readonly onRevoke: (publication: Publication) => void;
}

/**
 * What is published of a session, and what was: by whom, since when, until when. As long as that is
 * not known, it says so.
 */
export function PublicationRows({ publications, onRevoke }: PublicationRowsProps): JSX.Element {
  const { data, error, reload } = publications;
  if (data === null) {
    if (error !== null) {
      const text = `What is published of it cannot be read: ${error.message}`;
      return <UnreadBanner text={text} onRetry={reload} />;
    }
    return (
      <p class="publish-note" role="status">
        Reading what is published of it…
      </p>
    );
  }
  return (
    <>
      {error !== null && <StaleBanner text={error.message} onRetry={reload} />}
      {data.length === 0 ? (
        <p class="publish-note">Nothing is published of it yet.</p>
      ) : (
        <Rows publications={data} onRevoke={onRevoke} />
      )}
    </>
  );
}

function Rows(props: {
  publications: readonly Publication[];
  onRevoke: PublicationRowsProps["onRevoke"];
}): JSX.Element {
  const nowMs = useNow(props.publications.flatMap(({ expiresAt }) => expiresAt ?? []));
  return (
    <>
      <h3>Addresses</h3>
      <ul class="publish-rows">
        {props.publications.map((publication) => (
          <Row
            key={publication.id}
            publication={publication}
            nowMs={nowMs}
            onRevoke={props.onRevoke}
          />
        ))}
      </ul>
    </>
  );
}

function Row(props: {
  publication: Publication;
  nowMs: number;
  onRevoke: PublicationRowsProps["onRevoke"];
}): JSX.Element {
  const { publication, nowMs, onRevoke } = props;
  const isOpen = publication.isOpen && !hasExpired(publication, nowMs);
  return (
    <li data-testid="publication" data-open={isOpen ? "" : undefined}>
      <div>
        <p>
          {isOpen ? "Open" : closedText(publication)}
          {isOpen && <span> · {expiryText(publication)}</span>}
        </p>
        <p class="publish-note">
          Published{" "}
          <time dateTime={publication.createdAt} title={formatAbsoluteTime(publication.createdAt)}>
            {formatRelativeTime(publication.createdAt, nowMs)}
          </time>{" "}
          <Who actor={publication.createdBy} />
          {publication.redact.length > 0 && ` · without ${presetsText(publication)}`}
        </p>
      </div>
      {/* As long as the studio says that it answers there, whatever the reader's clock says. */}
      {publication.isOpen && (
        <button type="button" class="publish-revoke button" onClick={() => onRevoke(publication)}>
          Revoke
        </button>
      )}
    </li>
  );
}

function Who({ actor }: { actor: Publication["createdBy"] }): JSX.Element {
  return (
    <>
      by <span dir="auto">{actor.name ?? "somebody without a name"}</span>
      {actor.address !== null && ` (${actor.address})`}
    </>
  );
}

function presetsText({ redact }: Publication): string {
  const [first = "", ...others] = redact.map((preset) => PRESET_TEXTS[preset]);
  return [first.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase()), ...others].join(", ");
}

function closedText({ revokedAt, revokedBy }: Publication): string {
  if (revokedAt === null) return "Expired";
  const who = revokedBy?.name ?? null;
  return `Revoked ${formatAbsoluteTime(revokedAt)}${who === null ? "" : ` by ${who}`}`;
}

function expiryText({ expiresAt }: Publication): string {
  return expiresAt === null ? "does not expire" : `until ${formatAbsoluteTime(expiresAt)}`;
}
