import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { scoreConfigApiPath } from "../../api/paths";
import { formatInteger } from "../../conversation/format";
import { useArrival } from "../navigation";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { Sheet, useSheet } from "../parts/sheet";
import { type ReadError, sendJson } from "../resource";
import type { ScoreConfig } from "./score-config";
import { ScoreConfigForm } from "./score-config-form";
import { TYPE_TEXTS, valuesText } from "./score-config-text";
import { useScoreConfigs } from "./use-score-configs";

/** What people score by: to be seen, made, changed, archived and taken back. */
export function ScoreConfigsView(): JSX.Element {
  const { configs, error, reload } = useScoreConfigs();
  /** With null for a new one. */
  const sheet = useSheet<ScoreConfig | null>();
  const [problem, setProblem] = useState<string | null>(null);
  useArrival(configs !== null, "score-configs");
  useEffect(() => {
    document.title = "Scores · playhead";
  }, []);

  if (configs === null) {
    if (error === null) return <Loading />;
    const action = { label: "Try again", run: reload };
    const title = "Cannot read the score configurations";
    return <Notice tone="error" title={title} text={error.message} action={action} />;
  }
  const archive = async (config: ScoreConfig): Promise<void> => {
    try {
      const change = { isArchived: !config.isArchived };
      await sendJson<unknown>("PATCH", scoreConfigApiPath(config.id), change);
      setProblem(null);
    } catch (failure) {
      setProblem((failure as ReadError).message); // what sendJson rejects with
    }
    reload();
  };
  const used = configs.filter(({ isArchived }) => !isArchived);
  const archived = configs.filter(({ isArchived }) => isArchived);
  const rows = (shown: readonly ScoreConfig[]): JSX.Element => (
    <ul class="config-rows">
      {shown.map((config) => (
        <ConfigRow
          key={config.id}
          config={config}
          onEdit={() => sheet.open(config)}
          onArchive={() => archive(config)}
        />
      ))}
    </ul>
  );
  return (
    <div class="configs">
      {error && <StaleBanner text={error.message} onRetry={reload} />}
      <div class="list-head configs-head">
        <h1 tabIndex={-1}>Score configurations</h1>
        <span class="list-count">{formatInteger(used.length)}</span>
        <button type="button" class="config-new button" onClick={() => sheet.open(null)}>
          New configuration
        </button>
      </div>
      <p class="configs-lead">
        What sessions, traces and steps are scored by: a name, and the values that it may have.
        Press <kbd>a</kbd> on their pages.
      </p>
      {problem !== null && (
        <p class="publish-problem" role="alert">
          {problem}
        </p>
      )}
      {used.length === 0 ? (
        <p class="configs-none">
          None yet. Make one for each question you want answered: how helpful, which topic, correct
          or not.
        </p>
      ) : (
        rows(used)
      )}
      {archived.length > 0 && (
        <section class="configs-archived">
          <h2>Archived</h2>
          <p class="publish-note">Scores stay; new ones are refused.</p>
          {rows(archived)}
        </section>
      )}
      <Sheet
        sheet={sheet}
        class="help config-dialog"
        aria-labelledby="config-title"
        data-testid="config-dialog"
      >
        {(config) => (
          <ScoreConfigForm
            config={config}
            onSaved={() => {
              sheet.close();
              reload();
            }}
            onClose={sheet.close}
          />
        )}
      </Sheet>
    </div>
  );
}

interface ConfigRowProps {
  readonly config: ScoreConfig;
  readonly onEdit: () => void;
  readonly onArchive: () => void;
}

function ConfigRow({ config, onEdit, onArchive }: ConfigRowProps): JSX.Element {
  const { name, description, dataType, isArchived } = config;
  return (
    <li class="config-row" data-stop="" tabIndex={-1} data-testid="score-config">
      <div>
        <p class="config-name" dir="auto">
          {name}
        </p>
        {description && (
          <p class="config-description" dir="auto">
            {description}
          </p>
        )}
      </div>
      <p class="config-values">
        <span>{TYPE_TEXTS[dataType]}</span>
        <span dir="auto">{valuesText(config)}</span>
      </p>
      <div class="config-actions">
        <button type="button" class="config-edit button" onClick={onEdit} title={`Edit ${name}`}>
          Edit
        </button>
        <button
          type="button"
          class="config-archive button"
          onClick={onArchive}
          title={`${isArchived ? "Restore" : "Archive"} ${name}`}
        >
          {isArchived ? "Restore" : "Archive"}
        </button>
      </div>
    </li>
  );
}
