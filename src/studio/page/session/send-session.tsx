import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import type { HandoverCounts, HandoverOutcome, HandoverProgress } from "../../api/handover-types";
import { formatInteger } from "../../conversation/format";
import { parseAddress } from "../../handover/address";
import { SendIcon } from "../parts/icons";
import { type HandoverState, useHandover } from "./use-handover";

/** A button, and the sheet it opens: sends the session to a Langfuse or another endpoint. */
export function SendSession({ sessionId }: { sessionId: string }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const fields = useRef<HTMLDivElement>(null);
  const { state, start, fail, stop } = useHandover();
  const titleId = useId();
  const isRunning = state.status === "running";
  const textOf = (name: string): string =>
    fields.current?.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? "";
  const send = (): void => {
    if (isRunning) return;
    const to = textOf("to");
    const [publicKey, secretKey] = [textOf("publicKey"), textOf("secretKey")];
    const address = parseAddress(to);
    if ("problem" in address) fail(address.problem);
    else if ((publicKey === "") !== (secretKey === "")) fail("Expected both keys, or none");
    else start({ sessionId, to, publicKey, secretKey });
  };
  const onClose = (): void => {
    stop();
    // Keys stay nowhere, this page included.
    for (const input of fields.current?.querySelectorAll("input") ?? []) {
      if (input.name !== "to") input.value = "";
    }
  };
  return (
    <>
      <button
        type="button"
        class="button send-button"
        onClick={() => dialog.current?.showModal()}
        aria-haspopup="dialog"
      >
        <SendIcon />
        <span>Send to…</span>
      </button>
      <dialog
        ref={dialog}
        class="help send"
        aria-labelledby={titleId}
        data-testid="send-sheet"
        onClose={onClose}
      >
        <h2 id={titleId}>Send this session</h2>
        <p>
          To a Langfuse, another studio, or any endpoint for OpenTelemetry’s traces. It stays here
          as well. Ids and times stay what they are, so that sending it again doubles nothing.
        </p>
        <div ref={fields} class="send-fields">
          <Field name="to" label="Address" hint="https://cloud.langfuse.com" onEnter={send} />
          <Field name="publicKey" label="Public key" hint="pk-lf-…" onEnter={send} />
          <Field name="secretKey" label="Secret key" hint="sk-lf-…" onEnter={send} isSecret />
        </div>
        <p class="send-hint">Keys are used this once, and stored nowhere.</p>
        <div class="send-state" role="status" data-testid="send-state">
          <State state={state} />
        </div>
        <div class="leave-actions">
          <button type="button" class="button send-now" disabled={isRunning} onClick={send}>
            {state.status === "done" || state.status === "failed" ? "Send again" : "Send"}
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {isRunning ? "Stop" : "Close"}
          </button>
        </div>
      </dialog>
    </>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly onEnter: () => void;
  readonly isSecret?: boolean;
}

function Field({ name, label, hint, onEnter, isSecret = false }: FieldProps): JSX.Element {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") onEnter();
  };
  const common = {
    id,
    name,
    placeholder: hint,
    autocomplete: "off",
    spellcheck: false,
    dir: "ltr",
    onKeyDown,
  } as const;
  return (
    <>
      <label for={id}>{label}</label>
      {isSecret ? <input {...common} type="password" /> : <input {...common} type="text" />}
    </>
  );
}

function State({ state }: { state: HandoverState }): JSX.Element | null {
  switch (state.status) {
    case "idle":
      return null;
    case "running":
      return <Progress progress={state.progress} />;
    case "failed":
      return <p class="send-problem">{state.message}</p>;
    case "done":
      return <Outcome outcome={state.outcome} />;
  }
}

const STEP_NAMES = { files: "Files", observations: "Observations", scores: "Scores" } as const;

function Progress({ progress }: { progress: HandoverProgress | null }): JSX.Element {
  if (progress === null) return <p>Asking the endpoint…</p>;
  const { step, doneCount, count, trouble } = progress;
  return (
    <>
      <p>
        {STEP_NAMES[step]}: {formatInteger(doneCount)} of {formatInteger(count)}
      </p>
      <progress value={doneCount} max={Math.max(1, count)} aria-label={STEP_NAMES[step]} />
      {trouble !== null && <p class="send-note">{trouble}, trying again</p>}
    </>
  );
}

function Outcome({ outcome }: { outcome: HandoverOutcome }): JSX.Element {
  const { isComplete, to, project, observations, scores, files, notes, problems } = outcome;
  return (
    <>
      <p>
        <strong>{isComplete ? "All sent" : "Not all sent"}</strong> to{" "}
        {project === null ? <code>{to}</code> : `the project ${project}`}
      </p>
      <ul>
        <Counts name="observations" counts={observations} />
        <Counts name="scores" counts={scores} />
        <Counts name="files" counts={files} />
      </ul>
      {notes.map((note) => (
        <p key={note} class="send-note">
          {note}
        </p>
      ))}
      {problems.map((problem) => (
        <p key={problem} class="send-problem">
          {problem}
        </p>
      ))}
    </>
  );
}

function Counts(props: { name: string; counts: HandoverCounts }): JSX.Element | null {
  const { found, sent, refused } = props.counts;
  if (found === 0) return null;
  return (
    <li>
      {formatInteger(sent)} of {formatInteger(found)} {props.name}
      {refused > 0 && `, ${formatInteger(refused)} refused`}
    </li>
  );
}
