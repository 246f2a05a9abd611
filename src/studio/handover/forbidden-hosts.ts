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
// Link-local, for IPv4 also as IPv6 writes it for its gateways; mapped addresses are checked as IPv4.
FORBIDDEN.addSubnet("169.254.0.0", 16, "ipv4");
FORBIDDEN.addSubnet("fe80::", 10, "ipv6");
FORBIDDEN.addSubnet("64:ff9b::a9fe:0", 112, "ipv6");
FORBIDDEN.addSubnet("2002:a9fe::", 32, "ipv6");
// Those of clouds that lie elsewhere: Amazon, Google, Alibaba, Azure.
FORBIDDEN.addAddress("fd00:ec2::254", "ipv6");
FORBIDDEN.addAddress("fd20:ce::254", "ipv6");
FORBIDDEN.addAddress("100.100.100.200", "ipv4");
FORBIDDEN.addAddress("168.63.129.16", "ipv4");

const REFUSAL: NoAnswer = { failure: "link-local address", isFinal: true };

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
    return "failure" in answer && answer.failure === REFUSAL.failure ? REFUSAL : answer;
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
      if (first === undefined) callback(new Error(REFUSAL.failure), "");
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
