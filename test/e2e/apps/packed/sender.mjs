// Sends one trace to wherever the environment says.
import { flush, observe, withSession } from "playhead";

const work = observe(async () => "done", { name: "work" });
await withSession("from-the-tarball", () => work());
console.log(JSON.stringify(await flush()));
