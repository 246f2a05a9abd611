import type { JSX } from "preact";
import type { Publication } from "../../api/publication-types";
import { formatAbsoluteTime, formatRelativeTime } from "../../conversation/format";
import { useNow } from "../clock";
import { PRESET_TEXTS } from "./preset-texts";

export interface PublicationRowsProps {
  readonly publications: readonly Publication[];
  readonly onRevoke: (publication: Publication) => void;
}

/** What is published of a session, and what was: by whom, since when, until when. */
export function PublicationRows({ publications, onRevoke }: PublicationRowsProps): JSX.Element {
  const nowMs = useNow();
  if (publications.length === 0) return <p class="publish-note">Nothing is published of it yet.</p>;
  return (
    <>
      <h3>Addresses</h3>
      <ul class="publish-rows">
        {publications.map((publication) => (
          <li
            key={publication.id}
            data-testid="publication"
            data-open={publication.isOpen ? "" : undefined}
          >
            <div>
              <p>
                {publication.isOpen ? "Open" : closedText(publication)}
                {publication.isOpen && <span> · {expiryText(publication)}</span>}
              </p>
              <p class="publish-note">
                Published{" "}
                <time
                  dateTime={publication.createdAt}
                  title={formatAbsoluteTime(publication.createdAt)}
                >
                  {formatRelativeTime(publication.createdAt, nowMs)}
                </time>{" "}
                <Who actor={publication.createdBy} />
                {publication.redact.length > 0 && ` · without ${presetsText(publication)}`}
              </p>
            </div>
            {publication.isOpen && (
              <button
                type="button"
                class="publish-revoke button"
                onClick={() => onRevoke(publication)}
              >
                Revoke
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
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
