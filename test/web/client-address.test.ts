import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { loadConfig } from '../../src/config.ts';
import { clientAddresses } from '../../src/web/client-address.ts';

describe('the address of a client', () => {
  const from = (trusted: string, remoteAddress: string | undefined, forwarded?: string) => {
    const { trustedProxies } = loadConfig({ TRUSTED_PROXIES: trusted }, '/srv').web;
    const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } };
    return clientAddresses(trustedProxies).ofRequest(request as unknown as IncomingMessage);
  };

  const cases: [string, string, string | undefined, string | undefined, string][] = [
    ['an IPv4 address whole', '', '192.0.2.7', undefined, '192.0.2.7'],
    ['an IPv6 address by its /64', '', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['a short IPv6 address by its /64', '', '2001:db8::1', undefined, '2001:db8:0:0::/64'],
    ['an IPv6 address with a zone', '', 'fe80::1%br-2.7', undefined, 'fe80:0:0:0::/64'],
    ['an IPv4-mapped address as IPv4', '', '::ffff:192.0.2.7', undefined, '192.0.2.7'],
    ['an IPv4-mapped address in hexadecimal as IPv4', '', '::FFFF:c000:207', undefined, '192.0.2.7'],
    ['an address of a form that ipaddr.js does not read as it is', '', '::1.2.3.4', undefined, '::1.2.3.4'],
    ['a connection that is gone', '', undefined, undefined, ''],
    ['nobody by what it says of itself', '', '192.0.2.7', '198.51.100.1', '192.0.2.7'],
    ['nobody by what another than a proxy says', '10.0.0.1', '10.0.0.2', '198.51.100.1', '10.0.0.2'],
    ['whom a proxy names', '10.0.0.1', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['whom a proxy behind an IPv4-mapped address names', '10.0.0.1', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    [
      'the last that a proxy adds to what a client made up',
      '10.0.0.1',
      '10.0.0.1',
      '1.2.3.4, 198.51.100.1',
      '198.51.100.1',
    ],
    ['who came through two proxies', 'uniquelocal', '10.0.0.1', '1.2.3.4, 198.51.100.1, 192.168.0.9', '198.51.100.1'],
    ['the farthest where all are proxies', '10.0.0.0/8', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['whom a proxy names with a port', 'loopback', '127.0.0.1', '198.51.100.1:50123', '198.51.100.1'],
    ['whom a proxy names in brackets', 'loopback', '::1', '[2001:db8:1:2::9]:50123', '2001:db8:1:2::/64'],
    ['whom an IPv6 proxy names', 'fd00::/8', 'fd12::1', '2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['a proxy for what is no address', 'loopback', '127.0.0.1', '198.51.100.1, unknown', '127.0.0.1'],
    ['a proxy for half an address', 'loopback', '127.0.0.1', '10', '127.0.0.1'],
    ['a proxy for a form of IPv6 that nobody writes', 'loopback', '127.0.0.1', '2001:db8::1.2.3.4', '127.0.0.1'],
    ['a proxy for nothing', 'loopback', '127.0.0.1', ', ,', '127.0.0.1'],
    ['whom a proxy on an interface names', 'linklocal', 'fe80::1%br-2.7', '198.51.100.1', '198.51.100.1'],
    ['a proxy that names none', 'linklocal', '169.254.1.1', undefined, '169.254.1.1'],
  ];
  for (const [what, trusted, socket, forwarded, expected] of cases) {
    it(`takes ${what}`, () => expect(from(trusted, socket, forwarded)).to.equal(expected));
  }

  it('of a connection is nobody for a proxy', () => {
    const clients = clientAddresses(['10.0.0.1']);
    expect(clients.ofConnection({ remoteAddress: '10.0.0.1' } as Socket)).to.equal(undefined);
    expect(clients.ofConnection({ remoteAddress: '10.0.0.2' } as Socket)).to.equal('10.0.0.2');
  });
});
