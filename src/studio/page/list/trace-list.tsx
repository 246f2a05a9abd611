import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { TraceSummary } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { useNow } from "../clock";
import { useArrival } from "../navigation";
import { usePages } from "../pages";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { TraceRow } from "./trace-row";
import { TraceTable } from "./trace-table";

export function TraceList(): JSX.Element {
  const traces = usePages<TraceSummary>("/api/studio/traces");
  const nowMs = useNow();
  useArrival(traces.items !== null, "traces");
  useEffect(() => {
    document.title = "Traces · playhead";
  }, []);

  if (traces.items === null) {
    if (traces.error === null) return <Loading />;
    const text = `${traces.error.message} This page tries again as soon as it does.`;
    const action = { label: "Try again", run: traces.reload };
    return <Notice tone="error" title="Cannot read the traces" text={text} action={action} />;
  }
  if (traces.items.length === 0) {
    return (
      <Notice
        title="No traces without a session"
        text="Every trace the studio holds belongs to a session. A trace that carries no session id would be listed here."
      />
    );
  }
  return (
    <div class="list">
      {traces.error && <StaleBanner text={traces.error.message} onRetry={traces.reload} />}
      <div class="list-head">
        <h1 tabIndex={-1}>Traces without a session</h1>
        <span class="list-count">{formatInteger(traces.totalCount)}</span>
      </div>
      <TraceTable pages={traces}>
        {traces.items.map((trace) => (
          <TraceRow key={trace.id} trace={trace} nowMs={nowMs} />
        ))}
      </TraceTable>
    </div>
  );
}
