import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { observe } from "playhead";

export interface Caller {
  readonly userId: string;
  readonly plan: "free" | "team";
  readonly conversationId: string;
}

const secret = randomBytes(32);
const sign = (payload: string): Buffer => createHmac("sha256", secret).update(payload).digest();

/** What a login page would hand to the browser. */
export function issueToken(caller: Caller): string {
  const payload = Buffer.from(JSON.stringify(caller)).toString("base64url");
  return `${payload}.${sign(payload).toString("base64url")}`;
}

/** Who is calling, and in which conversation. The token itself stays out of the trace. */
export const authenticate = observe(
  async function authenticate(token: string): Promise<Caller> {
    const [payload = "", signature = ""] = token.split(".");
    const expected = sign(payload);
    const given = Buffer.from(signature, "base64url");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new Error("The token is not one of ours.");
    }
    return JSON.parse(Buffer.from(payload, "base64url").toString());
  },
  { captureInput: false },
);
