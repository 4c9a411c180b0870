/** A site of somebody else: an origin of its own, with pages and a content policy that a test chooses. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostSite {
  readonly origin: string;
  /** What it serves from now on, at every address. */
  show(html: string, policy?: string): void;
  close(): Promise<void>;
}

export async function startHostSite(): Promise<HostSite> {
  let page = { html: '', policy: '' };
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      ...(page.policy && { 'content-security-policy': page.policy }),
    });
    response.end(page.html);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(html, policy = '') {
      page = { html, policy };
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
