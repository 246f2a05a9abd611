import { useEffect, useState } from "preact/hooks";
import type { FileOutcome } from "../../session-file/import-parts";
import { runUnfinished } from "../unfinished-work";
import { importFile } from "./import-file";

/** A file that was chosen to be imported. */
export interface ChosenFile {
  readonly name: string;
  /** Null until it has been tried. */
  readonly outcome: FileOutcome | null;
}

let chosen: readonly ChosenFile[] = [];
let waiting: readonly File[] = [];
let isRunning = false;
const listeners = new Set<() => void>();

function setChosen(next: readonly ChosenFile[]): void {
  chosen = next;
  for (const listener of listeners) listener();
}

/**
 * Imports files one after the other, each whatever came of the others; those that are chosen
 * meanwhile come after them. It goes on wherever the page goes, until it is loaded anew: before that
 * the browser asks.
 */
export async function importFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return; // the choice was broken off
  const added = files.map(({ name }) => ({ name, outcome: null }));
  waiting = [...waiting, ...files];
  setChosen(isRunning ? [...chosen, ...added] : added);
  if (isRunning) return;
  isRunning = true;
  await runUnfinished(importWaiting);
  isRunning = false;
}

async function importWaiting(): Promise<void> {
  for (let index = 0; waiting[0] !== undefined; index += 1) {
    const [file, ...rest] = waiting;
    waiting = rest;
    const outcome = await importFile(file);
    setChosen(chosen.map((one, at) => (at === index ? { ...one, outcome } : one)));
  }
}

/** Takes away what is told of files that have been tried. */
export function forgetImported(): void {
  if (!isRunning) setChosen([]);
}

/** The files of this import, or of the last one, in the order of their choice. */
export function useImportedFiles(): readonly ChosenFile[] {
  const [shown, setShown] = useState(chosen);
  useEffect(() => {
    const listener = (): void => setShown(chosen);
    listener();
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return shown;
}
