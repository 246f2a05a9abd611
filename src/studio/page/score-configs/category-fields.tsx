import type { JSX } from "preact";
import { CloseIcon } from "../parts/icons";

/** A category as it is typed. */
export interface CategoryText {
  readonly label: string;
  /** The number that scores of this category have. */
  readonly value: string;
}

export interface CategoryFieldsProps {
  readonly categories: readonly CategoryText[];
  readonly onChange: (categories: readonly CategoryText[]) => void;
}

/** The categories of a score configuration, each with its number. */
export function CategoryFields({ categories, onChange }: CategoryFieldsProps): JSX.Element {
  const change = (at: number, changed: Partial<CategoryText>): void =>
    onChange(categories.map((one, index) => (index === at ? { ...one, ...changed } : one)));
  const add = (): void => {
    const highest = Math.max(-1, ...categories.map(({ value }) => Number(value) || 0));
    onChange([...categories, { label: "", value: String(highest + 1) }]);
  };
  return (
    <fieldset class="config-categories">
      <legend>Categories, each with the number it counts as</legend>
      {categories.map(({ label, value }, at) => (
        <div key={at} class="config-category">
          <input
            class="field"
            value={label}
            autoComplete="off"
            aria-label={`Category ${at + 1}`}
            onInput={(event) => change(at, { label: event.currentTarget.value })}
          />
          <input
            class="field"
            type="number"
            step="any"
            value={value}
            aria-label={`Number of category ${at + 1}`}
            onInput={(event) => change(at, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="config-category-remove icon-button"
            aria-label={`Remove category ${at + 1}`}
            title="Remove"
            onClick={() => onChange(categories.filter((_, index) => index !== at))}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
      <button type="button" class="config-category-add button" onClick={add}>
        Add a category
      </button>
    </fieldset>
  );
}
