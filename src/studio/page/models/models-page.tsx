import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ModelList, ModelView } from "../../api/model-types";
import type { ChangeEvent } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { moveToStop, useKeys } from "../keyboard";
import { SearchBox } from "../list/search-box";
import { changeSearch, useArrival, useSearch } from "../navigation";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { type ReadError, sendJson, useResource } from "../resource";
import { ModelForm } from "./model-form";
import { foundModels, kindTitle, priceText, unitName, validityText } from "./model-prices";

/** While costs are calculated anew, this often is looked how far they are, in milliseconds. */
const PROGRESS_MS = 400;

/** Models and what they cost: those that come with the studio, and one's own. */
export function ModelsPage(): JSX.Element {
  const isAffected = useCallback(
    (_change: ChangeEvent, list: ModelList | null) => list === null || list.update !== null,
    [],
  );
  const { data, error, reload } = useResource<ModelList>("/api/studio/models", isAffected);
  const search = new URLSearchParams(useSearch()).get("q") ?? "";
  const searchInput = useRef<HTMLInputElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  /** What the form begins with; undefined while it is closed. */
  const [edited, setEdited] = useState<ModelView | null | undefined>(undefined);
  /** Since prices were last applied here, each model once. */
  const [changed, setChanged] = useState<StoredProps["changed"]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  useArrival(data !== null, "models");
  useEffect(() => {
    document.title = "Models · playhead";
  }, []);
  useEffect(() => {
    if (edited !== undefined && dialog.current?.open === false) dialog.current.showModal();
  }, [edited]);
  useEffect(() => {
    if (data === null || data.update === null) return;
    const timer = window.setTimeout(reload, PROGRESS_MS);
    return () => window.clearTimeout(timer);
  }, [data, reload]);
  const add = (): void => setEdited(null);
  useKeys({
    "/": () => searchInput.current?.focus(),
    a: add,
    ArrowDown: () => moveToStop(1),
    ArrowUp: () => moveToStop(-1),
  });

  if (data === null) {
    if (error === null) return <Loading />;
    const action = { label: "Try again", run: reload };
    return (
      <Notice tone="error" title="Cannot read the models" text={error.message} action={action} />
    );
  }
  const apply = async (id?: string): Promise<void> => {
    try {
      const query = id === undefined ? "" : `?id=${encodeURIComponent(id)}`;
      await sendJson("POST", `/api/studio/models/apply${query}`, {});
      setChanged([]);
      setProblem(null);
      reload();
    } catch (failure) {
      setProblem((failure as ReadError).message); // what sendJson rejects with
    }
  };
  const found = foundModels(data.data, search);
  return (
    <div class="list models-page">
      {error && <StaleBanner text={error.message} onRetry={reload} />}
      {problem !== null && (
        <p class="stale" role="alert">
          {problem}
        </p>
      )}
      <div class="list-top">
        <h1 tabIndex={-1}>Models</h1>
        <span class="list-count" role="status">
          {formatInteger(found.length)}
          <span class="visually-hidden"> models</span>
        </span>
        <SearchBox
          input={searchInput}
          value={search}
          label="Search the models"
          placeholder="Name or pattern"
          onSearch={(q, isFirst) =>
            changeSearch(q === "" ? "" : `?${new URLSearchParams({ q })}`, { isStep: isFirst })
          }
          onLeave={() => moveToStop(1)}
        />
        <button type="button" class="button" aria-keyshortcuts="a" onClick={add}>
          Add
        </button>
      </div>
      <p class="models-note">
        US dollars for a million tokens, unless the row says otherwise. A cost is calculated when an
        observation arrives; one that was sent stays.
      </p>
      <Stored update={data.update} changed={changed} onApply={(id) => void apply(id)} />
      {found.length === 0 ? (
        <p class="models-none">No model has these words in its name or its pattern.</p>
      ) : (
        <ul class="models" aria-label="Models">
          {found.map((model) => (
            <ModelRow key={model.id} model={model} onOpen={() => setEdited(model)} />
          ))}
        </ul>
      )}
      {edited !== undefined && (
        <ModelForm
          dialog={dialog}
          model={edited}
          onClose={() => setEdited(undefined)}
          onChanged={(model) => {
            setChanged((before) => [...before.filter(({ id }) => id !== model.id), model]);
            reload();
          }}
        />
      )}
    </div>
  );
}

interface StoredProps {
  readonly update: ModelList["update"];
  readonly changed: readonly Pick<ModelView, "id" | "modelName">[];
  readonly onApply: (id?: string) => void;
}

/** What is stored keeps its cost until somebody says otherwise. */
function Stored({ update, changed, onApply }: StoredProps): JSX.Element {
  if (update !== null) {
    return (
      <p class="models-stored" role="status" data-testid="price-update">
        Calculating stored costs: {Math.floor(update.share * 100)} %,{" "}
        {formatInteger(update.changedCount)} changed
      </p>
    );
  }
  const [first] = changed;
  const whose = changed.length > 1 ? `${changed.length} models` : first?.modelName;
  return (
    <p class="models-stored" data-changed={first === undefined ? undefined : ""}>
      <span role="status">
        {whose === undefined
          ? "What is stored keeps its cost."
          : `The prices of ${whose} have changed. What is stored keeps its cost.`}
      </span>
      <button
        type="button"
        class="button"
        onClick={() => onApply(changed.length === 1 ? first?.id : undefined)}
      >
        Apply to what is stored
      </button>
    </p>
  );
}

/** The kinds with a column of their own; others stand below the name. */
const COLUMN_KINDS = ["input", "input_cached_tokens", "output"];

function ModelRow({ model, onOpen }: { model: ModelView; onOpen: () => void }): JSX.Element {
  const { prices, unit, source } = model;
  const others = Object.entries(prices).filter(([kind]) => !COLUMN_KINDS.includes(kind));
  const validity = validityText(model);
  return (
    <li class="model-row" data-testid="model-row">
      <div class="model-main">
        <button type="button" class="model-name" data-stop="" onClick={onOpen}>
          <span dir="auto">{model.modelName}</span>
        </button>
        <code class="model-pattern" dir="ltr" title={model.matchPattern}>
          {model.matchPattern}
        </code>
        {others.length > 0 && (
          <span class="model-others">
            {others
              .map(([kind, price]) => `${kindTitle(kind)} $${priceText(price, unit)}`)
              .join(" · ")}
          </span>
        )}
      </div>
      <dl class="model-prices">
        {COLUMN_KINDS.map((kind) => {
          const price = Object.hasOwn(prices, kind) ? prices[kind] : undefined;
          return (
            <div key={kind}>
              <dt>{kindTitle(kind)}</dt>
              <dd>{price === undefined ? "–" : `$${priceText(price, unit)}`}</dd>
            </div>
          );
        })}
      </dl>
      <div class="model-end">
        {unit !== "TOKENS" && <span class="tag">per {unitName(unit)}</span>}
        {validity !== "" && <span class="tag">{validity}</span>}
        {source === null ? (
          <span class="tag model-own">your own</span>
        ) : (
          <a class="model-source" href={source.url}>
            {new URL(source.url).hostname}, {source.asOf}
          </a>
        )}
      </div>
    </li>
  );
}
