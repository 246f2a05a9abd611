import type { JSX } from "preact";
import type { SessionImport } from "../../api/import-types";
import { counted, formatInteger } from "../../conversation/format";
import type { FileOutcome } from "../../session-file/import-parts";
import { Link } from "../link";
import { sessionPath } from "../route";
import { type ChosenFile, forgetImported, useImportedFiles } from "./import-run";

/** Says how an import goes, and what came of each file, on every page until it is closed. */
export function ImportBar(): JSX.Element | null {
  const files = useImportedFiles();
  if (files.length === 0) return null;
  const tried = files.filter(isTried);
  const failed = tried.filter(({ outcome }) => "failure" in outcome);
  const isRunning = tried.length < files.length;
  return (
    <div
      class="told-bar import-bar"
      data-testid="import-outcome"
      role={failed.length > 0 && !isRunning ? "alert" : "status"}
    >
      <div class="import-told">
        {isRunning ? (
          <Running files={files} triedCount={tried.length} />
        ) : (
          <Outcomes files={tried} failed={failed} />
        )}
      </div>
      {!isRunning && (
        <button type="button" class="button" onClick={forgetImported}>
          Close
        </button>
      )}
    </div>
  );
}

type TriedFile = ChosenFile & { readonly outcome: FileOutcome };

function isTried(file: ChosenFile): file is TriedFile {
  return file.outcome !== null;
}

function Running(props: { files: readonly ChosenFile[]; triedCount: number }): JSX.Element {
  const { files, triedCount } = props;
  return (
    <p>
      Importing <bdi>{files[triedCount]?.file.name}</bdi>
      {files.length > 1 && `, ${formatInteger(triedCount + 1)} of ${formatInteger(files.length)}`}…
    </p>
  );
}

function Outcomes(props: {
  files: readonly TriedFile[];
  failed: readonly TriedFile[];
}): JSX.Element {
  const { files, failed } = props;
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) {
    return "failure" in only.outcome ? (
      <p>
        <Line file={only} />
      </p>
    ) : (
      <p>
        Imported <Imported imported={only.outcome.imported} />
      </p>
    );
  }
  const all = counted(files.length, "file");
  const good = files.filter((file) => !failed.includes(file));
  return (
    <>
      <p>{failed.length === 0 ? all : `${formatInteger(good.length)} of ${all}`} imported</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list must scroll by keyboard */}
      <ul tabIndex={0}>
        {[...failed, ...good].map((file, index) => (
          <li key={index} data-failed={"failure" in file.outcome ? "" : undefined}>
            <Line file={file} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Line({ file: { file, outcome } }: { file: TriedFile }): JSX.Element {
  return (
    <>
      <bdi>{file.name}</bdi>:{" "}
      {"failure" in outcome ? outcome.failure : <Imported imported={outcome.imported} />}
    </>
  );
}

const MAX_ID_LENGTH = 80;

function Imported({ imported }: { imported: SessionImport }): JSX.Element {
  const { sessionId, traceCount } = imported;
  return (
    <>
      <Link href={sessionPath(sessionId)}>
        <bdi>{sessionId.slice(0, MAX_ID_LENGTH)}</bdi>
      </Link>
      , {counted(traceCount, "turn")}
    </>
  );
}
