import { useMemo } from "preact/hooks";
import type { FacetValue, SessionFacets } from "../../api/types";
import { useResource } from "../resource";
import { type ListState, listQuery, type ValueFilter } from "./list-state";

const FACET_OF = {
  user: "users",
  model: "models",
  tag: "tags",
  environment: "environments",
  score: "scoreNames",
} as const satisfies Record<ValueFilter, keyof SessionFacets>;

/**
 * The values a filter can be set to, most frequent first, as the other filters leave them: what is
 * chosen in this one does not hide its alternatives. Null until they are known.
 */
export function useFacet(state: ListState, filter: ValueFilter): readonly FacetValue[] | null {
  // One time for as long as the panel is open, or "last hour" would be another list each moment.
  const nowMs = useMemo(() => Date.now(), []);
  const others: ListState = { ...state, values: { ...state.values, [filter]: [] } };
  const path = `/api/studio/facets?${listQuery(others, nowMs)}`;
  const { data } = useResource<SessionFacets>(path, isNeverAffected);
  return data?.[FACET_OF[filter]] ?? null;
}

/** The values stay as they were when the panel opened, or they would move under the pointer. */
function isNeverAffected(): boolean {
  return false;
}
