import { describe, expect, it } from "vitest";
import { fitted, zoomed } from "../../../src/studio/conversation/viewpoint";

describe("fitted", () => {
  it("shows a small drawing at its size in the middle", () => {
    expect(fitted({ width: 100, height: 100 }, { width: 300, height: 200 })).toEqual({
      x: 100,
      y: 50,
      scale: 1,
    });
  });

  it("makes a large drawing as small as it must be, but no smaller than can be read", () => {
    const frame = { width: 400, height: 400 };
    expect(fitted({ width: 800, height: 100 }, frame)).toEqual({ x: 0, y: 175, scale: 0.5 });
    expect(fitted({ width: 100, height: 8_000 }, frame)).toMatchObject({ y: 0, scale: 0.45 });
  });
});

describe("zoomed", () => {
  it("leaves what stands at the pointer where it is", () => {
    const at = { x: 30, y: 40 };
    const from = { x: 10, y: 20, scale: 1 };
    expect(zoomed(from, 2, at)).toEqual({ x: -10, y: 0, scale: 2 });
  });

  it("stays between a tenth and three times the size", () => {
    const from = { x: 0, y: 0, scale: 1 };
    expect(zoomed(from, 100, from).scale).toBe(3);
    expect(zoomed(from, 0.001, from).scale).toBe(0.1);
  });
});
