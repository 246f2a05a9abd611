import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { RedactPreset } from "../../../config/redact-rules";
import { publicationApiPath } from "../../api/paths";
import type { NewPublication, Publication, PublicationRequest } from "../../api/publication-types";
import { CopyButton } from "../parts/copy-button";
import { NameField, useOwnName } from "../parts/name-field";
import { PresetChoice } from "../parts/preset-choice";
import { type ReadError, type Resource, sendJson, sendRequest } from "../resource";
import { PublicationRows } from "./publication-rows";

export interface PublishDialogProps {
  readonly sessionId: string;
  /** Of this session, newest first. */
  readonly publications: Resource<readonly Publication[]>;
  readonly onClose: () => void;
}

const HOUR_MS = 3_600_000;
const LIFETIMES: readonly { readonly text: string; readonly ms: number | null }[] = [
  { text: "In an hour", ms: HOUR_MS },
  { text: "In a day", ms: 24 * HOUR_MS },
  { text: "In 7 days", ms: 7 * 24 * HOUR_MS },
  { text: "In 30 days", ms: 30 * 24 * HOUR_MS },
  { text: "Never", ms: null },
];
const DEFAULT_LIFETIME = 2;

/** Publishes a session, tells the address once, and lists what was published of it. */
export function PublishDialog(props: PublishDialogProps): JSX.Element {
  const { sessionId, publications, onClose } = props;
  const [lifetime, setLifetime] = useState(DEFAULT_LIFETIME);
  const [redact, setRedact] = useState<readonly RedactPreset[]>(["secrets"]);
  const name = useOwnName();
  const [address, setAddress] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const isBusy = useRef(false);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy.current) return; // one press too many would publish twice
    isBusy.current = true;
    try {
      await work();
      setProblem(null);
    } catch (failure) {
      setProblem((failure as ReadError).message); // what sendJson and sendRequest reject with
    }
    isBusy.current = false;
    publications.reload();
  };
  const publish = (): Promise<void> =>
    attempt(async () => {
      const ms = LIFETIMES[lifetime]?.ms ?? null;
      const expiresAt = ms === null ? null : new Date(Date.now() + ms).toISOString();
      const request: PublicationRequest = { sessionId, expiresAt, redact, name: name.sent };
      const { path } = await sendJson<NewPublication>("POST", "/api/studio/publications", request);
      setAddress(location.origin + path);
    });
  const revoke = (publication: Publication): Promise<void> =>
    attempt(() => sendRequest("DELETE", publicationApiPath(publication.id, name.sent)));

  return (
    <>
      <div class="help-head">
        <h2 id="publish-title">Publish this session</h2>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      <p class="publish-text">
        Whoever has the address reads this session and its traces, with the turns that are still to
        come. Scores, comments and everything else stay here.
      </p>
      <div class="publish-fields">
        <label>
          <span>The address expires</span>
          <select
            class="field"
            value={lifetime}
            onChange={(event) => setLifetime(Number(event.currentTarget.value))}
          >
            {LIFETIMES.map(({ text }, index) => (
              <option key={text} value={index}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <NameField label="Your name, for the record" name={name} />
      </div>
      <PresetChoice chosen={redact} onChange={setRedact} />
      <p class="publish-note">Pictures, recordings and files are shown as they are.</p>
      <button type="button" class="publish-do button" onClick={publish}>
        Publish
      </button>
      {problem !== null && (
        <p class="publish-problem" role="alert">
          {problem}
        </p>
      )}
      {address !== null && <NewAddress address={address} />}
      <PublicationRows publications={publications} onRevoke={revoke} />
    </>
  );
}

function NewAddress({ address }: { address: string }): JSX.Element {
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(new URL(address).hostname);
  return (
    <div class="publish-address" role="status">
      <p>
        <strong>Copy the address now.</strong> The studio keeps only a hash of it, and cannot show
        it again.
      </p>
      <div class="publish-copy">
        <code dir="ltr" data-testid="public-address">
          {address}
        </code>
        <CopyButton label="Copy the public address" caption="Copy" text={() => address} />
      </div>
      {isLocal && (
        <p>
          It works on this machine alone. For others, start the studio with <code>--host</code>.
        </p>
      )}
    </div>
  );
}
