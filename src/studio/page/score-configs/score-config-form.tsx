import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { SCORE_CONFIGS_API_PATH, scoreConfigApiPath } from "../../api/paths";
import { type ReadError, sendJson } from "../resource";
import { CategoryFields, type CategoryText } from "./category-fields";
import type { ScoreConfig } from "./score-config";
import { MAX_TEXT_LENGTH, TYPE_TEXTS } from "./score-config-text";

export interface ScoreConfigFormProps {
  /** Null for a new one. */
  readonly config: ScoreConfig | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

type DataType = ScoreConfig["dataType"];

/** As the API takes it, in characters. */
const MAX_NAME_LENGTH = 35;
const NEW_CATEGORIES: readonly CategoryText[] = [
  { label: "good", value: "1" },
  { label: "bad", value: "0" },
];

/** Makes a score configuration, or changes one; the type of one that exists stays. */
export function ScoreConfigForm({ config, onSaved, onClose }: ScoreConfigFormProps): JSX.Element {
  const nameField = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(config?.name ?? "");
  const [description, setDescription] = useState(config?.description ?? "");
  const [dataType, setDataType] = useState<DataType>(config?.dataType ?? "NUMERIC");
  const [minValue, setMinValue] = useState(config === null ? "0" : textOf(config.minValue));
  const [maxValue, setMaxValue] = useState(config === null ? "1" : textOf(config.maxValue));
  const [categories, setCategories] = useState<readonly CategoryText[]>(
    config?.categories?.map(({ label, value }) => ({ label, value: String(value) })) ??
      NEW_CATEGORIES,
  );
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  useLayoutEffect(() => nameField.current?.focus(), []);

  const save = async (): Promise<void> => {
    if (isSaving) return;
    setSaving(true);
    const body = {
      name: name.trim(),
      description: description.trim() || null,
      ...(dataType === "NUMERIC" && {
        minValue: numberOf(minValue),
        maxValue: numberOf(maxValue),
      }),
      ...(dataType === "CATEGORICAL" && {
        categories: categories.map(({ label, value }) => ({
          label: label.trim(),
          value: numberOf(value),
        })),
      }),
    };
    try {
      if (config === null) await sendJson("POST", SCORE_CONFIGS_API_PATH, { ...body, dataType });
      else await sendJson("PATCH", scoreConfigApiPath(config.id), body);
      onSaved();
    } catch (failure) {
      setProblem((failure as ReadError).message); // what sendJson rejects with
      setSaving(false);
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in a field does what the button does
    <div
      class="config-form"
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.target instanceof HTMLInputElement) void save();
      }}
    >
      <div class="help-head">
        <h2 id="config-title">
          {config === null ? "New configuration" : "Change the configuration"}
        </h2>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      <Field text="Name of the scores">
        <input
          ref={nameField}
          class="field"
          value={name}
          maxLength={MAX_NAME_LENGTH}
          autoComplete="off"
          spellcheck={false}
          placeholder="helpfulness"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </Field>
      <Field text="What is asked (optional)">
        <input
          class="field"
          value={description}
          autoComplete="off"
          placeholder="Did the answer solve the user's problem?"
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </Field>
      {config === null ? (
        <Field text="Values are">
          <select
            class="field"
            value={dataType}
            onChange={(event) => setDataType(event.currentTarget.value as DataType)} // one of the options
          >
            {Object.entries(TYPE_TEXTS).map(([type, text]) => (
              <option key={type} value={type}>
                {text}
              </option>
            ))}
          </select>
        </Field>
      ) : (
        <p class="config-type">
          Values are <strong>{TYPE_TEXTS[dataType]}</strong>. That stays, since scores have it.
        </p>
      )}
      {dataType === "NUMERIC" && (
        <div class="config-bounds">
          <BoundField text="Lowest" value={minValue} onChange={setMinValue} />
          <BoundField text="Highest" value={maxValue} onChange={setMaxValue} />
        </div>
      )}
      {dataType === "CATEGORICAL" && (
        <CategoryFields categories={categories} onChange={setCategories} />
      )}
      {dataType === "TEXT" && <p class="config-type">Up to {MAX_TEXT_LENGTH} characters.</p>}
      {problem !== null && (
        <p class="publish-problem config-problem" role="alert">
          {problem}
        </p>
      )}
      <button type="button" class="publish-do button" onClick={save}>
        {config === null ? "Make it" : "Save the changes"}
      </button>
    </div>
  );
}

function Field({ text, children }: { text: string; children: ComponentChildren }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given
    <label class="comment-field">
      <span>{text}</span>
      {children}
    </label>
  );
}

interface BoundFieldProps {
  readonly text: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function BoundField({ text, value, onChange }: BoundFieldProps): JSX.Element {
  return (
    <Field text={text}>
      <input
        class="field"
        type="number"
        step="any"
        value={value}
        placeholder="no limit"
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

function textOf(value: number | null): string {
  return value === null ? "" : String(value);
}

/** Null where nothing is given; what is no number is left to the studio to refuse. */
function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
