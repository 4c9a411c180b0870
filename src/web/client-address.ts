/**
 * Whose request it is, as limits count: an IPv4 address whole, an IPv6 address by its /64, which is what one line gets.
 * X-Forwarded-For is anybody's to write, so it counts only as far as trusted proxies wrote it.
 */
import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import { remembered } from '../remembered.ts';

export interface ClientAddresses {
  /** Who sent a request. */
  ofRequest(request: IncomingMessage): string;
  /** Who holds a connection; undefined for a trusted proxy, which stands for many. */
  ofConnection(socket: Socket): string | undefined;
}

/** Each is asked for several times by every request of a connection, and takes some hundred bytes. */
const mostRemembered = 2000;

/** @param trusted - addresses, CIDR ranges, `loopback`, `linklocal`, `uniquelocal`, as the settings have checked them */
export function clientAddresses(trusted: readonly string[]): ClientAddresses {
  const compiled = proxyAddr.compile([...trusted]);
  const isTrusted = remembered(mostRemembered, (address) => compiled(withoutZone(address), 0));
  const keyOf = remembered(mostRemembered, addressKey);
  /** Of what stands behind the last space, as its header says before it. */
  const keyOfForwarded = remembered(mostRemembered, (hops) => {
    const end = hops.lastIndexOf(' ');
    return addressKey(sender(hops.slice(end + 1), hops.slice(0, end), isTrusted));
  });
  return {
    ofRequest({ socket, headers }) {
      const nearest = socket.remoteAddress ?? '';
      const forwarded = headers['x-forwarded-for'];
      return forwarded && isTrusted(nearest) ? keyOfForwarded(`${forwarded} ${nearest}`) : keyOf(nearest);
    },
    ofConnection({ remoteAddress = '' }) {
      return isTrusted(remoteAddress) ? undefined : addressKey(remoteAddress);
    },
  };
}

/** The first from the right that is no trusted proxy. What is no address was not written by one: its proxy answers for it. */
function sender(nearest: string, forwarded: string, isTrusted: (address: string) => boolean): string {
  let address = nearest;
  for (const hop of forwarded.split(',').reverse()) {
    const next = withoutPort(hop.trim());
    if (!isAddress(next)) return address;
    address = next;
    if (!isTrusted(address)) return address;
  }
  return address;
}

/** Some proxies (Azure Application Gateway, IIS) add the port, which is another with every connection. */
function withoutPort(hop: string): string {
  const [, inBrackets, beforePort] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(hop) ?? [];
  return inBrackets ?? beforePort ?? hop;
}

/** The interface that a link-local address was met on (RFC 4007); ipaddr.js does not take every name. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}

/** ipaddr.js takes "10" for 0.0.0.10, and node takes IPv6 forms that ipaddr.js does not read: it has to be one to both. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && ipaddr.isValid(withoutZone(text));
}

function addressKey(address: string): string {
  if (!address.includes(':') || !isAddress(address)) return address;
  const parsed = ipaddr.parse(withoutZone(address));
  if (!(parsed instanceof ipaddr.IPv6)) return address;
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
