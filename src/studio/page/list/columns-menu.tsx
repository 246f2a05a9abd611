import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Hidden } from "../parts/hidden";
import { readSetting, writeSetting } from "../stored-setting";
import {
  COLUMNS,
  type Column,
  type ColumnId,
  hiddenColumnsText,
  parseHiddenColumns,
} from "./columns";
import { Menu } from "./filter-menu";
import { ColumnsIcon } from "./list-icons";

const SETTING = "sessions.hidden-columns";

export interface ShownColumns {
  readonly columns: readonly Column[];
  readonly toggle: (id: ColumnId) => void;
}

/** Which columns show; remembered by the browser, as it fits its window, not by the address. */
export function useColumns(): ShownColumns {
  const [hidden, setHidden] = useState(storedHidden);
  const toggle = (id: ColumnId): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
    writeSetting(SETTING, hiddenColumnsText(next));
  };
  return { columns: COLUMNS.filter(({ id }) => !hidden.has(id)), toggle };
}

export function ColumnsMenu({ columns, toggle }: ShownColumns): JSX.Element {
  const shown = new Set(columns.map(({ id }) => id));
  return (
    <Menu
      label="Columns"
      align="end"
      caption={
        <>
          <ColumnsIcon />
          <Hidden>Columns</Hidden>
        </>
      }
    >
      <ul class="options">
        {COLUMNS.map(({ id, title }) => (
          <li key={id}>
            <label class="option">
              <input type="checkbox" checked={shown.has(id)} onChange={() => toggle(id)} />
              <span class="option-text">{title}</span>
            </label>
          </li>
        ))}
      </ul>
    </Menu>
  );
}

/** In a narrower window there is no room for the start until it is asked for, in CSS pixels. */
const START_MIN_WIDTH = 1_360;

function storedHidden(): ReadonlySet<ColumnId> {
  const hiddenAtFirst = window.innerWidth < START_MIN_WIDTH ? "start" : "";
  return parseHiddenColumns(readSetting(SETTING) ?? hiddenAtFirst);
}
