import { useCallback, useEffect, useState } from "preact/hooks";
import { scoreConfigsApiPath } from "../../api/paths";
import { type ReadError, readJson } from "../resource";
import type { ScoreConfig, ScoreConfigPage } from "./score-config";

export interface ScoreConfigs {
  /** By name, archived ones too; null until they have been read. */
  readonly configs: readonly ScoreConfig[] | null;
  /** Why they could not be read; what was read before stays. */
  readonly error: ReadError | null;
  readonly reload: () => void;
}

/** All score configurations, read when first shown and on request. */
export function useScoreConfigs(): ScoreConfigs {
  const [configs, setConfigs] = useState<readonly ScoreConfig[] | null>(null);
  const [error, setError] = useState<ReadError | null>(null);
  const [request, setRequest] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    readAll().then(
      (read) => {
        if (!isCurrent) return;
        setConfigs(read);
        setError(null);
      },
      (failure: ReadError) => isCurrent && setError(failure),
    );
    return () => {
      isCurrent = false;
    };
  }, [request]);
  return { configs, error, reload: useCallback(() => setRequest((count) => count + 1), []) };
}

/** @throws ReadError */
async function readAll(): Promise<readonly ScoreConfig[]> {
  const configs: ScoreConfig[] = [];
  for (let page = 1; ; page += 1) {
    const path = scoreConfigsApiPath(page);
    const { data, meta } = await readJson<ScoreConfigPage>(path);
    configs.push(...data);
    if (page >= meta.totalPages) break;
  }
  return configs.sort((a, b) => a.name.localeCompare(b.name));
}
