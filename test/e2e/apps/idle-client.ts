/** Delivers once, so that a connection is open, and then has nothing to do any more. */

import { Playhead } from "playhead";

const client = new Playhead();
client.startSpan("once").end();
const report = await client.flush();
console.log(JSON.stringify(report));
