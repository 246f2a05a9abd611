import type { Playhead } from "../../src/client/playhead";

/** One observation with SECRET in everything that takes a text. */
export function traceSecrets(client: Playhead): void {
  client.propagateAttributes({ metadata: { "scope SECRET": "in SECRET" } }, () => {
    const root = client.startGeneration({
      name: "name SECRET",
      input: { text: "in SECRET", list: ["SECRET"] },
      output: "out SECRET",
      metadata: { "key SECRET": "value SECRET", nested: { deep: "SECRET" } },
      statusMessage: "status SECRET",
      model: "model SECRET",
      modelParameters: { stop: "SECRET" },
      usageDetails: { "input SECRET": 1 },
      costDetails: { "total SECRET": 1 },
      prompt: { name: "prompt SECRET", version: 3 },
      version: "version SECRET",
    });
    root.updateTrace({
      name: "trace SECRET",
      userId: "user SECRET",
      sessionId: "session SECRET",
      tags: ["tag SECRET"],
      metadata: { "trace key SECRET": "trace value SECRET" },
      release: "release SECRET",
    });
    root.recordError(new Error("error SECRET", { cause: new Error("cause SECRET") }));
    root.end();
  });
  client.createScore({
    name: "score SECRET",
    value: "value SECRET",
    comment: "comment SECRET",
    sessionId: "session SECRET",
    metadata: { "score key SECRET": "score value SECRET" },
  });
}
