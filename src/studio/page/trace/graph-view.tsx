import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { formatDuration, formatInteger } from "../../conversation/format";
import {
  type Layout,
  layOutGraph,
  NODE_HEIGHT,
  NODE_WIDTH,
  type PlacedNode,
} from "../../conversation/graph-layout";
import { cutText } from "../../conversation/json-text";
import { buildStepGraph, type GraphEdge, type GraphNode } from "../../conversation/step-graph";
import type { StepTree } from "../../conversation/step-tree";
import { Hidden } from "../parts/hidden";
import { TypeIcon } from "../parts/icons";
import { usePanZoom } from "./pan-zoom";

export interface GraphViewProps {
  readonly tree: StepTree;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
}

/** Which steps a trace went through, how often, and in what order. */
export function GraphView({ tree, selectedId, onSelect }: GraphViewProps): JSX.Element {
  const graph = useMemo(() => buildStepGraph(tree), [tree]);
  const layout = useMemo(() => layOutGraph(graph.nodes, graph.edges), [graph]);
  const frame = useRef<HTMLDivElement>(null);
  const { viewpoint, zoomBy, showAll, reveal } = usePanZoom(frame, layout);
  const selectedKey = selectedId === null ? undefined : graph.keyById.get(selectedId);
  const selected = graph.nodes.find((node) => node.key === selectedKey);

  return (
    <div class="graph" data-testid="step-graph">
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: moved and zoomed by keyboard */}
      {/* biome-ignore-start lint/a11y/useSemanticElements: a fieldset has a frame of its own */}
      <div
        class="graph-frame"
        ref={frame}
        tabIndex={0}
        role="group"
        aria-label="Graph of the steps. Arrow keys move it, plus and minus zoom, zero shows all"
      >
        {/* biome-ignore-end lint/a11y/useSemanticElements: a fieldset has a frame of its own */}
        {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: moved and zoomed by keyboard */}
        {/* biome-ignore lint/a11y/noSvgWithoutTitle: the frame says what it is; a title would hover over all */}
        <svg class="graph-drawing" width="100%" height="100%">
          <defs>
            <Arrow id="graph-arrow" />
          </defs>
          <g
            data-testid="graph-viewpoint"
            transform={`translate(${viewpoint.x} ${viewpoint.y}) scale(${viewpoint.scale})`}
          >
            <Edges layout={layout} selectedKey={selectedKey} />
            {graph.nodes.map((node) => {
              const place = layout.nodes.get(node.key);
              return place === undefined ? null : (
                <Node
                  key={node.key}
                  node={node}
                  place={place}
                  isSelected={node.key === selectedKey}
                  onSelect={() => onSelect(nextRun(node, selectedId))}
                  onFocus={() => reveal(place)}
                />
              );
            })}
          </g>
        </svg>
      </div>
      <div class="graph-tools">
        <button type="button" class="icon-button" aria-label="Zoom in" onClick={() => zoomBy(1.25)}>
          +
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Zoom out"
          onClick={() => zoomBy(1 / 1.25)}
        >
          −
        </button>
        <button type="button" class="button graph-fit" onClick={showAll}>
          Fit
        </button>
      </div>
      {graph.hiddenCount > 0 && (
        <p class="graph-note">
          {formatInteger(graph.hiddenCount)} steps that ran seldom are left out
        </p>
      )}
      {selected !== undefined && selectedId !== null && selected.runs.length > 1 && (
        <Runs node={selected} selectedId={selectedId} onSelect={onSelect} />
      )}
    </div>
  );
}

/** The run after the selected one; of a node that is not selected the first. */
function nextRun(node: GraphNode, selectedId: string | null): string {
  const place = selectedId === null ? -1 : node.runs.indexOf(selectedId);
  return node.runs[(place + 1) % node.runs.length] ?? "";
}

function Node(props: {
  node: GraphNode;
  place: PlacedNode;
  isSelected: boolean;
  onSelect: () => void;
  onFocus: () => void;
}): JSX.Element {
  const { node, place, isSelected, onSelect, onFocus } = props;
  const runCount = node.runs.length;
  const errors = node.errorCount === 1 ? "1 error" : `${formatInteger(node.errorCount)} errors`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there are no buttons in SVG
    <g
      class="graph-node"
      data-stop=""
      data-testid="graph-node"
      data-type={node.type}
      data-failed={node.errorCount > 0 ? "" : undefined}
      role="button"
      tabIndex={0}
      aria-pressed={isSelected}
      transform={`translate(${place.x - NODE_WIDTH / 2} ${place.y - NODE_HEIGHT / 2})`}
      onClick={onSelect}
      onFocus={onFocus}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onSelect();
      }}
    >
      <rect class="graph-box" width={NODE_WIDTH} height={NODE_HEIGHT} rx="7" />
      <rect class="graph-mark" x="0" y="9" width="3" height={NODE_HEIGHT - 18} rx="1.5" />
      <foreignObject width={NODE_WIDTH} height={NODE_HEIGHT}>
        <div class="graph-text">
          <TypeIcon type={node.type} />
          <span class="graph-name" dir="auto" title={node.name}>
            <Hidden>{node.type} </Hidden>
            {cutText(node.name || "without a name", 80)}
          </span>
          <span class="graph-count">
            {runCount > 1 && ` ×${formatInteger(runCount)}`}
            <Hidden>{runCount > 1 ? " runs" : ""}</Hidden>
          </span>
          <span class="graph-sub">
            {node.errorCount > 0 && <span class="graph-errors"> {errors}</span>}
            <span> {formatDuration(node.durationMs)}</span>
          </span>
        </div>
      </foreignObject>
    </g>
  );
}

function Edges(props: { layout: Layout<GraphEdge>; selectedKey: string | undefined }): JSX.Element {
  return (
    <g class="graph-edges">
      {props.layout.edges.map(({ edge, path, labelX, labelY }) => {
        const isNear = props.selectedKey === edge.from || props.selectedKey === edge.to;
        return (
          <g
            key={`${edge.from}\n${edge.to}`}
            data-testid="graph-edge"
            data-near={isNear ? "" : undefined}
          >
            <path d={path} marker-end="url(#graph-arrow)" />
            {edge.count > 1 && (
              <text x={labelX} y={labelY}>
                {formatInteger(edge.count)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function Arrow({ id }: { id: string }): JSX.Element {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="7"
      markerHeight="7"
      orient="auto-start-reverse"
    >
      <path d="M1 1 7 4 1 7z" fill="context-stroke" />
    </marker>
  );
}

function Runs(props: {
  node: GraphNode;
  selectedId: string;
  onSelect: (id: string) => void;
}): JSX.Element {
  const { runs, name } = props.node;
  const place = runs.indexOf(props.selectedId);
  const go = (step: number): void => {
    const id = runs[(place + step + runs.length) % runs.length];
    if (id !== undefined) props.onSelect(id);
  };
  return (
    <div class="graph-runs">
      <button
        type="button"
        class="icon-button"
        aria-label={`Previous run of ${cutText(name, 80)}`}
        onClick={() => go(-1)}
      >
        ‹
      </button>
      <span role="status">
        Run {formatInteger(place + 1)} of {formatInteger(runs.length)}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={`Next run of ${cutText(name, 80)}`}
        onClick={() => go(1)}
      >
        ›
      </button>
    </div>
  );
}
