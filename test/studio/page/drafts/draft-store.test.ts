import { describe, expect, it } from "vitest";
import {
  changedFields,
  createDraftStore,
  type DraftStorage,
  type DraftStore,
} from "../../../../src/studio/page/drafts/draft-store";

/** A tab's storage that takes texts up to a length. */
class BoundedStorage implements DraftStorage {
  readonly #texts = new Map<string, string>();
  maxLength = Number.POSITIVE_INFINITY;

  getItem(name: string): string | null {
    return this.#texts.get(name) ?? null;
  }
  setItem(name: string, text: string): void {
    if (text.length > this.maxLength) throw new Error("The quota has been exceeded.");
    this.#texts.set(name, text);
  }
  removeItem(name: string): void {
    this.#texts.delete(name);
  }
}

/** A tab: each store is that of another page in it, one after the other. */
function createTab() {
  const storage = new BoundedStorage();
  /** When its reader last signed out in another tab. */
  const signOut = { mark: null as string | null }; // of none yet
  const openPage = (): DraftStore =>
    createDraftStore({ storage: () => storage, readMark: () => signOut.mark });
  return { storage, signOut, openPage };
}

/** Under the mark of a tab whose reader has not signed out. */
const NO_LIST = '{"mark":null,"drafts":5}';

const text = (content: string) => ({ content });

describe("drafts that outlast the page", () => {
  it("are those that were kept and not forgotten", () => {
    const { openPage, storage } = createTab();
    const page = openPage();
    page.keep("one", text("first"));
    page.keep("two", text("second"));
    page.keep("one", {});
    page.store();
    expect([openPage().find("one"), openPage().find("two")]).toEqual([undefined, text("second")]);
    page.keep("two", {});
    expect(storage.getItem("playhead.drafts")).toBe(null);
  });

  it("are the latest 50", () => {
    const { openPage } = createTab();
    const page = openPage();
    for (let index = 0; index < 51; index += 1) page.keep(`${index}`, text("x"));
    page.keep("1", text("y"));
    page.keep("51", text("x"));
    page.store();
    const left = ["0", "1", "2", "3", "51"].filter((subject) => openPage().find(subject));
    expect(left).toEqual(["1", "3", "51"]);
  });

  it.each([
    ["two that have a million characters together", 500_000, 500_000, [true, true]],
    ["the latest of two that have more", 500_000, 500_001, [false, true]],
    ["one that has more alone", 1, 1_000_001, [false, true]],
  ])("are %s", (_, first, second, kept) => {
    const { openPage } = createTab();
    const page = openPage();
    page.keep("one", text("x".repeat(first)));
    page.keep("two", text("y".repeat(second)));
    page.store();
    const next = openPage();
    expect(["one", "two"].map((subject) => next.find(subject) !== undefined)).toEqual(kept);
  });

  it("are none where they no longer fit, rather than what was sent since", () => {
    const { openPage, storage } = createTab();
    const page = openPage();
    page.keep("one", text("sent since"));
    page.store();
    storage.maxLength = 100;
    page.keep("two", text("x".repeat(100)));
    page.settle("one", text("sent since"), text(""));
    expect(openPage().find("one")).toBe(undefined);
    expect(page.find("two")).toEqual(text("x".repeat(100)));
  });

  it("are none where the storage is forbidden, or holds what is none", () => {
    const forbidden = createDraftStore({
      storage: () => {
        throw new Error("The operation is insecure.");
      },
      readMark: () => null,
    });
    forbidden.keep("one", text("first"));
    forbidden.store();
    expect(forbidden.find("one")).toEqual(text("first"));
    const { openPage, storage } = createTab();
    for (const strange of ["{", "[]", "3", "null", '[["one",{"content":"x"}]]', NO_LIST]) {
      storage.setItem("playhead.drafts", strange);
      expect(openPage().find("one")).toBe(undefined);
    }
  });
});

describe("drafts of a reader who has signed out in another tab", () => {
  it("are not there any more, neither in the page nor after it", () => {
    const { openPage, signOut, storage } = createTab();
    const page = openPage();
    page.keep("one", text("For nobody else"));
    page.store();
    signOut.mark = "1";
    expect(page.find("one")).toBe(undefined);
    page.store();
    expect(storage.getItem("playhead.drafts")).toBe(null);
  });

  it("are not kept any more, whatever is written on in the page", () => {
    const { openPage, signOut, storage } = createTab();
    const page = openPage();
    page.keep("one", text("For nobody els"));
    signOut.mark = "1";
    page.keep("one", text("For nobody else"));
    page.store();
    expect(storage.getItem("playhead.drafts")).toBe(null);
    expect([page.find("one"), openPage().find("one")]).toEqual([undefined, undefined]);
  });

  it("are dropped where the page went before the sign-out was known", () => {
    const { openPage, signOut, storage } = createTab();
    const page = openPage();
    page.keep("one", text("For nobody else"));
    page.store();
    signOut.mark = "1";
    expect(openPage().find("one")).toBe(undefined);
    expect(storage.getItem("playhead.drafts")).toBe(null);
  });

  it("are followed by those of the next one, which stay", () => {
    const { openPage, signOut } = createTab();
    signOut.mark = "1";
    const page = openPage();
    page.keep("one", text("Mine"));
    page.store();
    expect(openPage().find("one")).toEqual(text("Mine"));
  });
});

describe("what has been sent", () => {
  it("goes from its draft, but for what was changed since", () => {
    const page = createTab().openPage();
    page.keep("one", { value: "8", comment: "longer" });
    page.settle("one", { value: "8", comment: "long" }, { value: "8", comment: "long" });
    expect(page.find("one")).toEqual({ comment: "longer" });
    page.settle("one", { value: "8", comment: "longer" }, { value: "8", comment: "longer" });
    expect(page.find("one")).toBe(undefined);
  });

  it("goes before what is asked for next, also where it fails", async () => {
    const page = createTab().openPage();
    const done: string[] = [];
    let fail = (): void => {};
    const failure = new Promise<void>((_, reject) => {
      fail = () => reject(new Error("no answer"));
    });
    const told: boolean[] = [];
    page.listen("one", { onSettle() {}, onState: () => told.push(page.isSending("one")) });
    const first = page.send("one", () => failure);
    const second = page.send("one", async () => void done.push("second"));
    await page.send("two", async () => void done.push("of another subject"));
    expect(done).toEqual(["of another subject"]);
    expect([page.isSending("one"), page.isSending("two")]).toEqual([true, false]);
    fail();
    await Promise.all([first, second]);
    expect(done).toEqual(["of another subject", "second"]);
    expect(page.isSending("one")).toBe(false);
    expect(told).toEqual([true, true, true, false]);
  });

  it("leaves the reason where it could not be, until it is sent or nothing is left of it", async () => {
    const page = createTab().openPage();
    const fail = (): Promise<never> => Promise.reject(new Error("no answer"));
    let toldCount = 0;
    page.listen("one", { onSettle() {}, onState: () => (toldCount += 1) });
    page.keep("one", text("x"));
    await page.send("one", fail);
    expect([page.problemOf("one"), page.problemOf("two")]).toEqual(["no answer", null]);
    page.keep("one", text("y"));
    expect(page.problemOf("one")).toBe("no answer");
    toldCount = 0;
    page.keep("one", {});
    expect([page.problemOf("one"), toldCount]).toEqual([null, 1]);
    await page.send("one", fail);
    await page.send("one", async () => {});
    expect(page.problemOf("one")).toBe(null);
  });

  it("leaves the reason until a sheet that showed it is closed, where no draft was left", async () => {
    const page = createTab().openPage();
    const fail = (): Promise<never> => Promise.reject(new Error("no answer"));
    page.keep("written", text("x"));
    for (const subject of ["written", "deleted"]) {
      const sent = page.send(subject, fail);
      page.close(subject);
      await sent;
      expect(page.problemOf(subject)).toBe("no answer");
      page.close(subject);
    }
    expect([page.problemOf("written"), page.problemOf("deleted")]).toEqual(["no answer", null]);
    page.forgetAll();
    expect(page.problemOf("written")).toBe(null);
  });

  it("is told to those who listen to its subject, until they end it", () => {
    const page = createTab().openPage();
    const told: unknown[] = [];
    const end = page.listen("one", {
      onSettle: (...settled) => told.push(settled),
      onState() {},
    });
    page.settle("two", text("x"), text(""));
    page.settle("one", text("y"), text(""));
    end();
    page.settle("one", text("z"), text(""));
    expect(told).toEqual([[text("y"), text("")]]);
  });
});

it("changed fields are those that are others than the base has", () => {
  const fields = { value: "8", comment: "same", more: "x" };
  expect(changedFields(fields, { value: "7", comment: "same" })).toEqual({ value: "8", more: "x" });
});
