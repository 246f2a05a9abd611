import type { JSX } from "preact";
import { formatInteger } from "../../conversation/format";
import { Link } from "../link";
import { CopyButton } from "../parts/copy-button";

const INSTALL = "npm install playhead";

const CODE = `import { observe, startAsCurrentGeneration, updateCurrentTrace } from "playhead";

const answer = observe(async function answer(question) {
  updateCurrentTrace({ sessionId: "my-first-session" });
  return startAsCurrentGeneration({ name: "reply", input: question }, async (generation) => {
    const reply = \`You said: \${question}\`; // call your model here
    generation.update({ model: "my-model", output: reply });
    return reply;
  });
});

await answer("Is anybody there?");`;

/** Shown while there are no sessions; the list takes its place when the first one arrives. */
export function SetupGuide({ traceCount }: { traceCount: number }): JSX.Element {
  const environment = [
    `LANGFUSE_BASE_URL=${location.origin}`,
    "LANGFUSE_PUBLIC_KEY=pk-lf-local",
    "LANGFUSE_SECRET_KEY=sk-lf-local",
  ].join("\n");
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
          . Set one with <code>updateCurrentTrace</code>, as in step 3.
        </p>
      )}
      <ol class="steps">
        <Step title="Install" code={INSTALL} copyLabel="Copy the install command" />
        <Step
          title="Point the environment at this studio"
          code={environment}
          copyLabel="Copy the environment"
        />
        <Step title="Trace a conversation" code={CODE} copyLabel="Copy the code" />
      </ol>
      <p class="setup-waiting" role="status">
        <span class="pulse" aria-hidden="true" />
        Waiting for the first span
      </p>
    </div>
  );
}

function Step(props: { title: string; code: string; copyLabel: string }): JSX.Element {
  return (
    <li>
      <h2>{props.title}</h2>
      <div class="snippet">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code wider than the screen must scroll by keyboard */}
        <pre tabIndex={0}>{props.code}</pre>
        <CopyButton label={props.copyLabel} text={() => props.code} />
      </div>
    </li>
  );
}
