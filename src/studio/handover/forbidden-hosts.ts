import { lookup as dnsLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import {
  createTransport,
  type HttpAnswer,
  type NoAnswer,
  type Transport,
  type TransportOptions,
} from "../../export/transport";

/**
 * Where machines in a cloud are told their own secrets; no endpoint for traces lives there. Loopback
 * and private networks are not among them: a team's own server is there.
 */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet("fe80::", 10, "ipv6"); // link-local
FORBIDDEN.addSubnet("fd00:ec2::", 32, "ipv6"); // Amazon: each of its services has one in there
FORBIDDEN.addAddress("fd20:ce::254", "ipv6"); // Google
for (const [address, prefix] of [
  ["169.254.0.0", 16], // link-local
  ["100.100.100.200", 32], // Alibaba
  ["168.63.129.16", 32], // Azure
  ["192.0.0.192", 32], // Oracle
] as const) {
  // Mapped to IPv6 they are checked as IPv4; through NAT64 and 6to4 they have other addresses.
  FORBIDDEN.addSubnet(address, prefix, "ipv4");
  FORBIDDEN.addSubnet(`64:ff9b::${address}`, 96 + prefix, "ipv6");
  FORBIDDEN.addSubnet(sixToFour(address), 16 + prefix, "ipv6");
}

/** What a reader is told that such an address is. */
export const FORBIDDEN_ADDRESS = "forbidden address (link-local, or of a cloud's own services)";

const REFUSAL: NoAnswer = { failure: FORBIDDEN_ADDRESS, isFinal: true };

/** Of the error by which a connection is not made; a transport gives it as the failure. */
const FORBIDDEN_CODE = "PLAYHEAD_FORBIDDEN_ADDRESS";

/** The first address of the IPv6 network that belongs to an IPv4 address. Spec: RFC 3056, section 2 */
function sixToFour(address: string): string {
  const hex = Buffer.from(address.split(".").map(Number)).toString("hex");
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::`;
}

/** Whether a URL names a forbidden address itself; whatever a name stands for shows later. */
export function isForbiddenHost(url: string): boolean {
  if (!URL.canParse(url)) return false; // nothing is sent there
  // `URL` writes IPv4 as four numbers however it was given, and IPv6 in brackets.
  return isForbiddenAddress(new URL(url).hostname.replace(/^\[(.*)\]$/, "$1"));
}

function isForbiddenAddress(text: string): boolean {
  const address = text.replace(/%.*$/, ""); // a link-local one may come with its network
  const version = isIP(address);
  return version !== 0 && FORBIDDEN.check(address, version === 4 ? "ipv4" : "ipv6");
}

/**
 * A transport whose requests reach no forbidden address, whoever gave it: the reader, an endpoint that
 * says where files go, or a name server, which may say something else each time. Addresses of names
 * are checked where the connection is made with them.
 * @param resolve - finds the addresses of a name
 */
export function createGuardedTransport(
  options: Omit<TransportOptions, "lookup">,
  resolve: LookupFunction = dnsLookup,
): Transport {
  const transport = createTransport({ ...options, lookup: guardedLookup(resolve) });
  // Node looks nothing up for what is an address already.
  const guarded = async (
    url: string,
    send: () => Promise<HttpAnswer | NoAnswer>,
  ): Promise<HttpAnswer | NoAnswer> => {
    const answer = isForbiddenHost(url) ? REFUSAL : await send();
    return "failure" in answer && answer.failure === FORBIDDEN_CODE ? REFUSAL : answer;
  };
  return {
    ...transport,
    post: (shipment) => guarded(shipment.url, () => transport.post(shipment)),
    get: (url) => guarded(url, () => transport.get(url)),
    exchange: (request) => guarded(request.url, () => transport.exchange(request)),
  };
}

/** Leaves out the addresses that are forbidden; a name that has no other is refused. */
function guardedLookup(resolve: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, found, family) => {
      if (error !== null) {
        callback(error, found, family);
        return;
      }
      const addresses =
        typeof found === "string" ? [{ address: found, family: family ?? 0 }] : found;
      const allowed = addresses.filter(({ address }) => !isForbiddenAddress(address));
      const [first] = allowed;
      if (first === undefined) callback(forbiddenError(), "");
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function forbiddenError(): NodeJS.ErrnoException {
  return Object.assign(new Error(FORBIDDEN_ADDRESS), { code: FORBIDDEN_CODE });
}
