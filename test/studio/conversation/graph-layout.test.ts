import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  layOutGraph,
  NODE_HEIGHT,
  NODE_WIDTH,
} from "../../../src/studio/conversation/graph-layout";

function layOut(names: string, ...pairs: readonly string[]) {
  return layOutGraph(
    [...names].map((key) => ({ key })),
    pairs.map((pair) => ({ from: pair.charAt(0), to: pair.charAt(1) })),
  );
}

describe("layOutGraph", () => {
  it("puts each node below all that lead to it", () => {
    const { nodes } = layOut("abcd", "ab", "bc", "ac", "cd");
    const y = (key: string): number => nodes.get(key)?.y ?? Number.NaN;
    expect(y("a")).toBeLessThan(y("b"));
    expect(y("b")).toBeLessThan(y("c"));
    expect(y("c")).toBeLessThan(y("d"));
  });

  it("puts what follows one node side by side in one layer", () => {
    const { nodes } = layOut("abc", "ab", "ac");
    const [b, c] = [nodes.get("b"), nodes.get("c")];
    expect(b?.y).toBe(c?.y);
    expect(Math.abs((b?.x ?? 0) - (c?.x ?? 0))).toBeGreaterThanOrEqual(NODE_WIDTH);
  });

  it("draws an edge that leads back from below to above, and a loop beside its node", () => {
    const { edges, nodes } = layOut("ab", "ab", "ba", "bb");
    const startY = (from: string, to: string): number => {
      const found = edges.find(({ edge }) => edge.from === from && edge.to === to);
      return Number(/^M\S+ (\S+?)C/.exec(found?.path ?? "")?.[1]);
    };
    const [a, b] = [nodes.get("a")?.y ?? 0, nodes.get("b")?.y ?? 0];
    expect(startY("a", "b")).toBe(a + NODE_HEIGHT / 2);
    expect(startY("b", "a")).toBe(b - NODE_HEIGHT / 2);
    expect(startY("b", "b")).toBe(b - 12);
  });

  it("draws nothing for a graph without nodes", () => {
    expect(layOut("")).toMatchObject({ edges: [], width: 0 });
  });

  it("places every node within the drawing and none over another, for any edges", () => {
    const key = fc.constantFrom(..."abcdefghij");
    fc.assert(
      fc.property(fc.array(fc.record({ from: key, to: key }), { maxLength: 40 }), (edges) => {
        const layout = layOutGraph(
          [..."abcdefghij"].map((one) => ({ key: one })),
          edges,
        );
        const places = [...layout.nodes.values()];
        expect(layout.edges).toHaveLength(edges.length);
        for (const [index, { x, y }] of places.entries()) {
          expect(x - NODE_WIDTH / 2).toBeGreaterThanOrEqual(0);
          expect(x + NODE_WIDTH / 2).toBeLessThanOrEqual(layout.width);
          expect(y + NODE_HEIGHT / 2).toBeLessThanOrEqual(layout.height);
          for (const other of places.slice(index + 1)) {
            const isApart = Math.abs(other.x - x) >= NODE_WIDTH - 1e-6;
            expect(isApart || Math.abs(other.y - y) >= NODE_HEIGHT).toBe(true);
          }
        }
      }),
    );
  });

  it("lays out 80 nodes with 300 edges", () => {
    const nodes = Array.from({ length: 80 }, (_, index) => ({ key: String(index) }));
    const edges = Array.from({ length: 300 }, (_, index) => ({
      from: String((index * 7) % 80),
      to: String((index * 13 + 5) % 80),
    }));
    expect(layOutGraph(nodes, edges).nodes.size).toBe(80);
  });
});
