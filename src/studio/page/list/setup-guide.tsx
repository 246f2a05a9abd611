import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SetupInfo } from "../../api/detail-types";
import { formatInteger } from "../../conversation/format";
import { ImportSessions } from "../import/import-sessions";
import { Link } from "../link";
import { navigate } from "../navigation";
import { CopyButton } from "../parts/copy-button";
import { Tabs } from "../parts/tabs";
import { useResource } from "../resource";
import { useStoredSetting } from "../stored-setting";
import { type SetupStep, setupClients } from "./setup-snippets";

/** A studio without keys takes any; these read as what they are. */
const LOCAL_KEYS = { publicKey: "pk-lf-local", secretKey: "sk-lf-local" };

/**
 * Shown while there are no sessions: what to paste, with the address and key of this studio. The
 * list of sessions takes its place when the first one arrives; where the first span carries no session,
 * the list of traces does.
 */
export function SetupGuide({ traceCount }: { traceCount: number }): JSX.Element {
  const setup = useResource<SetupInfo>("/api/studio/setup", isNever).data;
  const publicKey = setup?.publicKey ?? null;
  const [secretKey, setSecretKey] = useState("");
  const clients = useMemo(() => {
    const keys =
      publicKey === null ? LOCAL_KEYS : { publicKey, secretKey: secretKey.trim() || null };
    return setupClients({ baseUrl: location.origin, ...keys });
  }, [publicKey, secretKey]);
  const [chosenId, setChosenId] = useStoredSetting("setup-client", "playhead", (text) => text);
  const client = clients.find(({ id }) => id === chosenId) ?? clients[0];
  const countAtFirst = useRef(traceCount);
  useEffect(() => {
    if (countAtFirst.current === 0 && traceCount > 0) navigate("/traces");
  }, [traceCount]);
  return (
    <div class="setup" data-testid="setup-guide">
      <h1 tabIndex={-1}>No sessions yet</h1>
      <p class="setup-lead">
        The studio is running and listening. Send it a trace with a session id and this page turns
        into the list of your sessions, without reloading.
      </p>
      {traceCount > 0 && (
        <p class="setup-note">
          <Link href="/traces">
            {traceCount === 1 ? "1 trace has" : `${formatInteger(traceCount)} traces have`} arrived
            without a session id
          </Link>
          . Set one as in the code below.
        </p>
      )}
      {client !== undefined && (
        <Tabs
          label="Client"
          tabs={clients}
          selectedId={client.id}
          onSelect={(id) => setChosenId(id)}
        >
          {setup !== null && publicKey === null && (
            <p class="setup-keys">
              This studio asks for no keys and takes any. These are there because clients want some.
            </p>
          )}
          {publicKey !== null && <SecretKey value={secretKey} onChange={setSecretKey} />}
          <ol class="steps">
            {client.steps.map((step) => (
              <Step key={step.title} step={step} />
            ))}
          </ol>
        </Tabs>
      )}
      <div class="setup-import">
        Or bring sessions of another studio: <ImportSessions />
      </div>
      <p class="setup-waiting" role="status">
        <span class="pulse" aria-hidden="true" />
        Waiting for the first span
      </p>
    </div>
  );
}

/** Fills the secret key into what is copied. It stays in this page. */
function SecretKey(props: { value: string; onChange: (value: string) => void }): JSX.Element {
  return (
    <label class="setup-secret">
      <span>
        This studio asks for its keys. The secret one was printed when the studio was started for
        the first time, or is the one it was given. Paste it here to have it filled in below; it
        stays in this page.
      </span>
      <input
        type="password"
        autoComplete="off"
        placeholder="Secret key"
        value={props.value}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
    </label>
  );
}

function isNever(): boolean {
  return false; // the keys of a studio stay as it was started with
}

function Step({ step }: { step: SetupStep }): JSX.Element {
  return (
    <li>
      <h2>{step.title}</h2>
      <div class="snippet">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code wider than the screen must scroll by keyboard */}
        <pre tabIndex={0}>{step.code}</pre>
        <CopyButton label={step.copyLabel} text={() => step.code} />
      </div>
    </li>
  );
}
