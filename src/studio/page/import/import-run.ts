import type { FileOutcome } from "../../session-file/import-parts";
import { createShared, useShared } from "../shared";
import { runUnfinished } from "../unfinished-work";
import { importFile } from "./import-file";

/** A file that was chosen to be imported. */
export interface ChosenFile {
  readonly file: File;
  /** Null until it has been tried. */
  readonly outcome: FileOutcome | null;
}

const chosen = createShared<readonly ChosenFile[]>([]);

/** The one that is imported now, or null where all have been tried. */
function firstWaiting(): ChosenFile | null {
  return chosen.get().find(({ outcome }) => outcome === null) ?? null;
}

/**
 * Imports files one after the other, each whatever came of the others; those that are chosen
 * meanwhile come after them. It goes on wherever the page goes, until it is loaded anew: before that
 * the browser asks.
 */
export async function importFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return; // the choice was broken off
  const added = files.map((file) => ({ file, outcome: null }));
  const isRunning = firstWaiting() !== null;
  chosen.set(isRunning ? [...chosen.get(), ...added] : added);
  if (!isRunning) await runUnfinished(importWaiting);
}

async function importWaiting(): Promise<void> {
  for (let next = firstWaiting(); next !== null; next = firstWaiting()) {
    const tried: ChosenFile = { ...next, outcome: await importFile(next.file) };
    chosen.set(chosen.get().map((one) => (one === next ? tried : one)));
  }
}

/** Takes away what is told of files that have been tried. */
export function forgetImported(): void {
  if (firstWaiting() === null) chosen.set([]);
}

/** The files of this import, or of the last one, in the order of their choice. */
export function useImportedFiles(): readonly ChosenFile[] {
  return useShared(chosen);
}
