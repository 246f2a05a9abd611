import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ModelView } from "../../api/model-types";
import { MODEL_UNITS } from "../../prices/model-record";
import type { ReadError } from "../resource";
import { sendJson, sendRequest } from "../resource";
import { kindsOf, kindTitle, parsePrice, priceText, unitName } from "./model-prices";

export interface ModelFormProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** To begin with; null for an empty form. One of the studio's own is copied, not changed. */
  readonly model: ModelView | null;
  /** Told of the model whose prices are new, or gone. */
  readonly onChanged: (model: Pick<ModelView, "id" | "modelName">) => void;
  readonly onClose: () => void;
}

/** Adds a model, changes one of one's own, sets its end, or deletes it. */
export function ModelForm({ dialog, model, onChanged, onClose }: ModelFormProps): JSX.Element {
  return (
    <dialog
      ref={dialog}
      class="help model-form"
      aria-labelledby="model-form-title"
      onClose={onClose}
    >
      <Fields
        key={model?.id ?? "new"}
        model={model}
        onChanged={onChanged}
        close={() => dialog.current?.close()}
      />
    </dialog>
  );
}

interface FieldsProps extends Pick<ModelFormProps, "model" | "onChanged"> {
  readonly close: () => void;
}

function Fields({ model, onChanged, close }: FieldsProps): JSX.Element {
  const isOwn = model !== null && model.source === null;
  const [name, setName] = useState(model?.modelName ?? "");
  const [pattern, setPattern] = useState(model?.matchPattern ?? "");
  const [start, setStart] = useState(model?.startDate?.slice(0, 10) ?? "");
  const [end, setEnd] = useState(model?.endDate?.slice(0, 10) ?? "");
  const [unit, setUnit] = useState<ModelView["unit"]>(model?.unit ?? "TOKENS");
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      Object.entries(model?.prices ?? {}).map(([kind, price]) => [
        kind,
        priceText(price, model?.unit ?? "TOKENS"),
      ]),
    ),
  );
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => setProblem(null), [name, pattern, start, end, unit, texts]);

  const isBusy = useRef(false);
  const run = async (work: () => Promise<Pick<ModelView, "id" | "modelName">>): Promise<void> => {
    if (isBusy.current) return; // one press too many would add it twice
    isBusy.current = true;
    try {
      onChanged(await work());
      close();
    } catch (error) {
      setProblem((error as ReadError).message); // what both requests reject with
    }
    isBusy.current = false;
  };
  const save = (): void => {
    const prices: Record<string, number> = {};
    for (const [kind, text] of Object.entries(texts)) {
      if (text.trim() === "") continue;
      const price = parsePrice(text, unit);
      if (price === undefined) {
        setProblem(`${kindTitle(kind)}: expected a price such as 2.50, got ${text}`);
        return;
      }
      prices[kind] = price;
    }
    const missing = missingText(name, prices);
    if (missing !== null) {
      setProblem(missing);
      return;
    }
    const body = {
      modelName: name.trim(),
      matchPattern: pattern.trim() || exactPattern(name.trim()),
      startDate: dateOf(start, model?.startDate),
      endDate: dateOf(end, model?.endDate),
      unit,
      prices,
    };
    void run(() =>
      isOwn
        ? sendJson<ModelView>("PUT", modelApiPath(model.id), body)
        : sendJson<ModelView>("POST", "/api/studio/models", body),
    );
  };
  const remove = (): void => {
    if (model === null) return;
    void run(async () => {
      await sendRequest("DELETE", modelApiPath(model.id));
      return model;
    });
  };
  const title = isOwn ? "Edit model" : model === null ? "Add a model" : "Your own price";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in any field saves, as in a form
    <div
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        save();
      }}
    >
      <div class="help-head">
        <h2 id="model-form-title">{title}</h2>
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
      {model?.source && (
        <p class="model-note">
          This one comes with the studio, with the price of {model.source.asOf}. What you save here
          goes before it.
        </p>
      )}
      <div class="model-fields">
        <TextField label="Name" value={name} onChange={setName} placeholder="my-model" />
        <TextField
          label="Pattern"
          value={pattern}
          onChange={setPattern}
          placeholder={name === "" ? "^my-model$" : exactPattern(name)}
          isCode
        />
        <TextField label="Valid from" value={start} onChange={setStart} type="date" />
        <TextField label="Valid until" value={end} onChange={setEnd} type="date" />
      </div>
      <div class="model-unit">
        <h3 id="model-prices">US dollars for</h3>
        <select
          class="field"
          aria-label="Unit"
          value={unit}
          // One of the options below.
          onChange={(event) => setUnit(event.currentTarget.value as ModelView["unit"])}
        >
          {MODEL_UNITS.map((one) => (
            <option key={one} value={one}>
              {unitName(one)}
            </option>
          ))}
        </select>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has a frame and a legend of its own */}
      <div class="model-fields model-price-fields" role="group" aria-labelledby="model-prices">
        {kindsOf(model?.prices ?? {}).map((kind) => (
          <TextField
            key={kind}
            label={kindTitle(kind)}
            value={texts[kind] ?? ""}
            onChange={(text) => setTexts({ ...texts, [kind]: text })}
            isNumber
          />
        ))}
      </div>
      {problem !== null && (
        <p class="model-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="model-actions">
        <button type="button" class="button button-main" onClick={save}>
          Save
        </button>
        {isOwn && (
          <>
            <button type="button" class="button" onClick={() => setEnd(tomorrow())}>
              End today
            </button>
            <button type="button" class="button model-delete" onClick={remove}>
              Delete
            </button>
          </>
        )}
      </div>
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly placeholder?: string;
  readonly type?: "date";
  readonly isCode?: boolean;
  readonly isNumber?: boolean;
}

function TextField(props: TextFieldProps): JSX.Element {
  const common = {
    class: "field",
    value: props.value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      props.onChange(event.currentTarget.value),
  };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the field is in it, in one of two forms
    <label class="model-field">
      <span>{props.label}</span>
      {props.type === "date" ? (
        <input {...common} type="date" />
      ) : (
        <input
          {...common}
          inputMode={props.isNumber ? "decimal" : undefined}
          data-code={props.isCode ? "" : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={props.placeholder ?? (props.isNumber ? "–" : "")}
        />
      )}
    </label>
  );
}

/** What can be told without asking the studio; null where nothing is missing. */
function missingText(name: string, prices: ModelView["prices"]): string | null {
  const kinds = Object.keys(prices);
  if (name.trim() === "") return "Name: expected one, got none";
  if (kinds.length === 0) return "Expected at least one price, got none";
  const isMixed = kinds.includes("total") && kinds.length > 1;
  return isMixed ? "Total: expected it alone, or no price for it, got others beside it" : null;
}

function modelApiPath(id: string): string {
  return `/api/studio/models/${encodeURIComponent(id)}`;
}

/** Matches the name alone, whatever its case. */
function exactPattern(name: string): string {
  return `(?i)^${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`;
}

/** A day that was not changed keeps its time. */
function dateOf(day: string, before: string | null | undefined): string | null {
  if (day === "") return null;
  return before?.startsWith(day) ? before : day;
}

/** An end is the first moment that is out. */
function tomorrow(): string {
  return new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
}
