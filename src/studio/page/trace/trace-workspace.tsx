import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TraceOutline } from "../../api/detail-types";
import { formatInteger } from "../../conversation/format";
import { buildStepTree, matchesFilter } from "../../conversation/step-tree";
import { timeScale } from "../../conversation/waterfall";
import { isDialogOpen, isTyped } from "../keyboard";
import { Segments } from "../parts/segments";
import { DetailPanel, TraceDetail } from "./detail-panel";
import { GraphView } from "./graph-view";
import { Split } from "./split";
import { StepList } from "./step-list";
import { type TraceViewName, useTraceAddress } from "./trace-address";

const VIEW_OPTIONS: readonly { value: TraceViewName; text: string }[] = [
  { value: "tree", text: "Tree" },
  { value: "waterfall", text: "Waterfall" },
  { value: "graph", text: "Graph" },
];

/** The steps of a trace in one of three forms, and the details of the selected one beside them. */
export function TraceWorkspace({ outline }: { outline: TraceOutline }): JSX.Element {
  const { steps, durationMs } = outline;
  const { address, change } = useTraceAddress();
  const { view, observationId } = address;
  const [filter, setFilter] = useState("");
  const filterInput = useRef<HTMLInputElement>(null);
  const tree = useMemo(() => buildStepTree(steps), [steps]);
  const scale = useMemo(() => timeScale(steps, durationMs), [steps, durationMs]);
  const matchCount = useMemo(() => {
    const needle = filter.trim().toLowerCase();
    return needle === "" ? null : steps.filter((step) => matchesFilter(step, needle)).length;
  }, [steps, filter]);
  const select = (id: string | null): void => change({ observationId: id });
  const close = (): void => {
    select(null);
    // The list, or the graph: where the reader came from.
    document.querySelector<HTMLElement>(".split-main [tabindex='0']")?.focus();
  };

  const latest = useRef({ close, hasSelection: observationId !== null, view });
  latest.current = { close, hasSelection: observationId !== null, view };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (isDialogOpen() || isTyped(event)) return;
      if (event.key === "/" && latest.current.view !== "graph") {
        event.preventDefault();
        filterInput.current?.focus();
      } else if (event.key === "Escape" && latest.current.hasSelection) {
        event.preventDefault();
        latest.current.close();
      }
    };
    // Before the page's own keys: Escape closes the details first, then leaves.
    document.addEventListener("keydown", onKeyDown, { capture: true });
    return () => document.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);

  return (
    <div class="workspace" data-selected={observationId === null ? undefined : ""}>
      <div class="workspace-bar">
        <h2 class="visually-hidden">Steps</h2>
        <Segments
          label="Show the steps as"
          options={VIEW_OPTIONS}
          value={view}
          onChange={(value) => change({ view: value })}
        />
        {view !== "graph" && (
          <label class="step-filter">
            <span class="visually-hidden">Filter the steps by name</span>
            <input
              ref={filterInput}
              type="search"
              placeholder="Filter by name"
              value={filter}
              autoComplete="off"
              spellcheck={false}
              onInput={(event) => setFilter(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== "Escape" && event.key !== "Enter") return;
                event.preventDefault();
                if (event.key === "Escape") setFilter("");
                document.querySelector<HTMLElement>(".step-rows")?.focus();
              }}
            />
            <kbd>/</kbd>
          </label>
        )}
        <span class="workspace-count" role="status">
          {matchCount !== null && view !== "graph" && `${formatInteger(matchCount)} of `}
          {steps.length === 1 ? "1 step" : `${formatInteger(steps.length)} steps`}
        </span>
      </div>
      <Split
        main={
          view === "graph" ? (
            <GraphView tree={tree} selectedId={observationId} onSelect={select} />
          ) : (
            <StepList
              tree={tree}
              scale={view === "waterfall" ? scale : undefined}
              filter={filter}
              selectedId={observationId}
              onSelect={select}
            />
          )
        }
        side={
          observationId === null ? (
            <TraceDetail outline={outline} />
          ) : (
            <DetailPanel
              key={observationId}
              outline={outline}
              tree={tree}
              observationId={observationId}
              onClose={close}
            />
          )
        }
      />
    </div>
  );
}
