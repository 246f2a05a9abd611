/**
 * A layered drawing, after Sugiyama: cycles are opened by turning edges round, each node stands
 * below all that lead to it, edges that pass several layers get a place in each of them, and the
 * order in a layer follows the neighbours.
 */

export interface LayoutNode {
  readonly key: string;
}

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
}

export interface PlacedNode {
  /** Centre, in CSS pixels. */
  readonly x: number;
  readonly y: number;
}

export interface Layout<Edge extends LayoutEdge> {
  readonly nodes: ReadonlyMap<string, PlacedNode>;
  readonly edges: readonly PlacedEdge<Edge>[];
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge<Edge extends LayoutEdge> {
  readonly edge: Edge;
  /** The commands of an SVG path, from `from` to `to`. */
  readonly path: string;
  /** Where a label has room. */
  readonly labelX: number;
  readonly labelY: number;
}

export const NODE_WIDTH = 184;
export const NODE_HEIGHT = 46;
const NODE_GAP = 36;
const LANE_WIDTH = 26;
const LAYER_GAP = 58;
const MARGIN = 28;
/** How far from the middle of a node an edge that leads back leaves and arrives. */
const BACK_OFFSET = 34;
const SWEEPS = 10;

/** A node, or the place of a long edge in a layer that it passes. */
interface Cell {
  readonly key: string | null;
  readonly width: number;
  readonly layer: number;
  x: number;
  readonly above: Cell[];
  readonly below: Cell[];
}

interface Chain<Edge> {
  readonly edge: Edge;
  readonly isReversed: boolean;
  /** From top to bottom, the two nodes included. */
  readonly cells: readonly Cell[];
}

/** Nodes are laid out in the order given, where nothing else decides. Edges must name nodes. */
export function layOutGraph<Edge extends LayoutEdge>(
  nodes: readonly LayoutNode[],
  edges: readonly Edge[],
): Layout<Edge> {
  const reversed = findReversed(nodes, edges);
  const layerOf = findLayers(nodes, edges, reversed);
  const layers: Cell[][] = [];
  const cellOf = new Map<string, Cell>();
  const addCell = (key: string | null, layer: number): Cell => {
    const width = key === null ? LANE_WIDTH : NODE_WIDTH;
    const cell: Cell = { key, width, layer, x: 0, above: [], below: [] };
    layers[layer] ??= [];
    layers[layer].push(cell);
    return cell;
  };
  for (const { key } of nodes) cellOf.set(key, addCell(key, layerOf.get(key) ?? 0));
  const chains: Chain<Edge>[] = [];
  for (const edge of edges) {
    const isReversed = reversed.has(edge);
    const top = cellOf.get(isReversed ? edge.to : edge.from);
    const bottom = cellOf.get(isReversed ? edge.from : edge.to);
    if (top === undefined || bottom === undefined || top === bottom) continue;
    const cells = [top];
    for (let layer = top.layer + 1; layer < bottom.layer; layer++) cells.push(addCell(null, layer));
    cells.push(bottom);
    for (const [place, cell] of cells.entries()) {
      const next = cells[place + 1];
      if (next === undefined) break;
      cell.below.push(next);
      next.above.push(cell);
    }
    chains.push({ edge, isReversed, cells });
  }
  arrange(layers);
  return draw(layers, chains, edges, cellOf);
}

/** Edges that close a cycle when the nodes are walked in their order, and loops on one node. */
function findReversed<Edge extends LayoutEdge>(
  nodes: readonly LayoutNode[],
  edges: readonly Edge[],
): ReadonlySet<Edge> {
  const outgoing = new Map<string, Edge[]>();
  for (const edge of edges) {
    const list = outgoing.get(edge.from);
    if (list === undefined) outgoing.set(edge.from, [edge]);
    else list.push(edge);
  }
  const reversed = new Set<Edge>();
  const state = new Map<string, "open" | "done">();
  // As deep as there are nodes, of which there are few.
  const visit = (key: string): void => {
    state.set(key, "open");
    for (const edge of outgoing.get(key) ?? []) {
      const seen = state.get(edge.to);
      if (seen === "open") reversed.add(edge);
      else if (seen === undefined) visit(edge.to);
    }
    state.set(key, "done");
  };
  for (const { key } of nodes) if (!state.has(key)) visit(key);
  return reversed;
}

/** The longest way from a node that nothing leads to. */
function findLayers<Edge extends LayoutEdge>(
  nodes: readonly LayoutNode[],
  edges: readonly Edge[],
  reversed: ReadonlySet<Edge>,
): ReadonlyMap<string, number> {
  const incomingCount = new Map(nodes.map(({ key }) => [key, 0]));
  const below = new Map<string, string[]>(nodes.map(({ key }) => [key, []]));
  for (const edge of edges) {
    if (edge.from === edge.to) continue;
    const [top, bottom] = reversed.has(edge) ? [edge.to, edge.from] : [edge.from, edge.to];
    below.get(top)?.push(bottom);
    incomingCount.set(bottom, (incomingCount.get(bottom) ?? 0) + 1);
  }
  const layers = new Map<string, number>();
  const ready = nodes.map(({ key }) => key).filter((key) => incomingCount.get(key) === 0);
  for (const key of ready) {
    const layer = layers.get(key) ?? 0;
    layers.set(key, layer);
    for (const next of below.get(key) ?? []) {
      layers.set(next, Math.max(layers.get(next) ?? 0, layer + 1));
      const left = (incomingCount.get(next) ?? 0) - 1;
      incomingCount.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return layers;
}

/** Orders each layer by its neighbours, down and up in turn, and moves cells towards them. */
function arrange(layers: readonly Cell[][]): void {
  for (const layer of layers) spread(layer, (cell) => layer.indexOf(cell) * NODE_WIDTH);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      const wish = new Map(
        layer.map((cell) => [cell, meanX(isDown ? cell.above : cell.below) ?? cell.x]),
      );
      layer.sort((left, right) => (wish.get(left) ?? 0) - (wish.get(right) ?? 0));
      spread(layer, (cell) => wish.get(cell) ?? cell.x);
    }
  }
}

function meanX(cells: readonly Cell[]): number | null {
  return cells.length === 0 ? null : cells.reduce((sum, cell) => sum + cell.x, 0) / cells.length;
}

/** Places the cells of a layer in their order as near to their wishes as their widths allow. */
function spread(layer: readonly Cell[], wish: (cell: Cell) => number): void {
  const wishes = layer.map(wish);
  let end = Number.NEGATIVE_INFINITY;
  let shift = 0;
  for (const [place, cell] of layer.entries()) {
    const wished = wishes[place] ?? 0;
    cell.x = Math.max(wished, end + cell.width / 2);
    end = cell.x + cell.width / 2 + NODE_GAP;
    shift += wished - cell.x;
  }
  for (const cell of layer) cell.x += shift / layer.length;
}

function draw<Edge extends LayoutEdge>(
  layers: readonly Cell[][],
  chains: readonly Chain<Edge>[],
  edges: readonly Edge[],
  cellOf: ReadonlyMap<string, Cell>,
): Layout<Edge> {
  const cells = layers.flat();
  const left = Math.min(...cells.map((cell) => cell.x - cell.width / 2));
  const right = Math.max(...cells.map((cell) => cell.x + cell.width / 2));
  for (const cell of cells) cell.x += MARGIN - left;
  const yOf = (cell: Cell): number =>
    MARGIN + NODE_HEIGHT / 2 + cell.layer * (NODE_HEIGHT + LAYER_GAP);
  const loops = edges.flatMap((edge) => {
    const cell = edge.from === edge.to ? cellOf.get(edge.from) : undefined;
    return cell === undefined ? [] : [drawLoop(edge, cell.x, yOf(cell))];
  });
  return {
    nodes: new Map([...cellOf].map(([key, cell]) => [key, { x: cell.x, y: yOf(cell) }])),
    edges: [...chains.map((chain) => drawChain(chain, yOf)), ...loops],
    // Loops stand out to the right of their node.
    width: cells.length === 0 ? 0 : right - left + 2 * MARGIN + (loops.length > 0 ? 40 : 0),
    height: layers.length * (NODE_HEIGHT + LAYER_GAP) - LAYER_GAP + 2 * MARGIN,
  };
}

function drawChain<Edge extends LayoutEdge>(
  { edge, isReversed, cells }: Chain<Edge>,
  yOf: (cell: Cell) => number,
): PlacedEdge<Edge> {
  const offset = isReversed ? BACK_OFFSET : 0;
  const points = cells.flatMap((cell, place) => {
    const y = yOf(cell);
    if (cell.key === null) return [{ x: cell.x, y }];
    return [{ x: cell.x + offset, y: y + (place === 0 ? NODE_HEIGHT / 2 : -NODE_HEIGHT / 2) }];
  });
  if (isReversed) points.reverse();
  let path = "";
  for (const [place, { x, y }] of points.entries()) {
    const last = points[place - 1];
    if (last === undefined) path = `M${round(x)} ${round(y)}`;
    else {
      const middle = (last.y + y) / 2;
      path += `C${round(last.x)} ${round(middle)} ${round(x)} ${round(middle)} ${round(x)} ${round(y)}`;
    }
  }
  const half = Math.floor((points.length - 1) / 2);
  const before = points[half] ?? { x: 0, y: 0 };
  const after = points[half + 1] ?? before;
  return {
    edge,
    path,
    labelX: (before.x + after.x) / 2,
    labelY: (before.y + after.y) / 2,
  };
}

function drawLoop<Edge extends LayoutEdge>(edge: Edge, x: number, y: number): PlacedEdge<Edge> {
  const side = round(x + NODE_WIDTH / 2);
  const out = side + 34;
  return {
    edge,
    path: `M${side} ${round(y - 12)}C${out} ${round(y - 22)} ${out} ${round(y + 22)} ${side} ${round(y + 12)}`,
    labelX: side + 26,
    labelY: y,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
