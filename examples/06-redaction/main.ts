/**
 * A support desk whose customers write everything into the chat. What must not leave the process is
 * taken out of every text before it is sent: by presets, by a pattern of our own, and by a mask.
 */

import { type OutgoingRecord, observe, Playhead, updateCurrentTrace } from "playhead";

const client = new Playhead({
  redact: ["secrets", "email", "phone", "creditCard", "iban", "ipAddress", { pattern: /ORD-\d+/ }],
  mask: hideNames,
});

/** What no pattern can know: the customers' names. A mask may also ask a service; see `maskTimeoutMs`. */
const customers = ["Ada Lovelace"];

/** Gets each record as it would leave, and returns it masked. */
function hideNames(record: OutgoingRecord): OutgoingRecord {
  if (record.kind === "span") {
    record.input = hide(record.input);
    record.output = hide(record.output);
  }
  return record;
}

function hide(text: string | undefined): string | undefined {
  return customers.reduce((rest, name) => rest?.replaceAll(name, "[customer]"), text);
}

const answer = observe(async function answer(message: string) {
  updateCurrentTrace({ sessionId: "redaction-1", userId: "ada@example.com" });
  return `Thank you, Ada Lovelace. We charge the card that you sent: ${message.slice(-19)}`;
});

const reply = await answer(
  "Ada Lovelace here (ada@example.com, +44 20 7946 0958, from 203.0.113.7), password: hunter2. " +
    "Please refund ORD-1234 to GB82 WEST 1234 5698 7654 32, or charge 4111 1111 1111 1111",
);
console.log(`The program sees: ${reply}`);

const { delivered, offered } = await client.flush();
console.log(`${delivered} of ${offered} spans delivered, redacted`);
