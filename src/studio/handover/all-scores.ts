import { judge, type Verdict } from "../../export/send";
import { counted } from "../conversation/format";
import type { ScoreRecord } from "../store/records";
import { persist } from "./persist";
import { sendScores } from "./send-scores";
import { isOver, patience, type Step, stopReason } from "./step";

/** Sends the scores of the session, its traces and their observations. */
export async function sendAllScores(step: Step): Promise<void> {
  const { options, endpoint, traces, ledger } = step;
  const { store, transport, sessionId } = options;
  const scores = [
    ...traces.flatMap(({ id }) => store.scoresOfTrace(id)),
    ...store.scoresOfSession(sessionId),
  ];
  ledger.find("scores", scores.length);
  if (scores.length === 0 || isOver(step)) return;
  if (endpoint.kind === "otlp") {
    ledger.notes.push(
      `${counted(scores.length, "score")} cannot be sent: OpenTelemetry has no place for scores. Give the address of a Langfuse-compatible server to send them.`,
    );
    return;
  }
  const known = await knownConfigs(step, scores);
  if (known === undefined) return;
  const hasConfig = (id: string): boolean => endpoint.kind === "studio" || known.has(id);
  const loose = scores.filter(({ configId }) => configId !== null && !hasConfig(configId));
  if (loose.length > 0) {
    ledger.notes.push(
      `${counted(loose.length, "score")} went without score configuration: the endpoint does not have it.`,
    );
  }
  const { baseUrl } = endpoint;
  const sender = { transport, baseUrl, hasConfig, ...patience(step, "scores") };
  for await (const outcome of sendScores(scores, sender)) {
    if (outcome.status === "sent") ledger.sent("scores");
    else if (outcome.status === "refused") ledger.refused("scores", 1, outcome.reason);
    else ledger.stop(stopReason(endpoint, outcome.reason));
    if (isOver(step)) return;
  }
}

/** Ids of score configurations that are named here and known there; undefined where that cannot be found out. */
async function knownConfigs(
  step: Step,
  scores: readonly ScoreRecord[],
): Promise<ReadonlySet<string> | undefined> {
  const { options, endpoint, ledger } = step;
  const known = new Set<string>();
  if (endpoint.kind === "studio") return known; // it takes any
  const ids = new Set(scores.flatMap(({ configId }) => (configId === null ? [] : [configId])));
  for (const id of ids) {
    const url = `${endpoint.baseUrl}/api/public/score-configs/${encodeURIComponent(id)}`;
    const look = async (): Promise<Verdict | { readonly status: "missing" }> => {
      const answer = await options.transport.get(url);
      const isMissing = "status" in answer && answer.status === 404;
      return isMissing ? { status: "missing" } : judge(answer, url);
    };
    const result = await persist(look, patience(step, "scores"));
    if (result.status === "delivered") known.add(id);
    else if (result.status !== "missing") {
      ledger.stop(stopReason(endpoint, result.reason));
      return undefined;
    }
  }
  return known;
}
