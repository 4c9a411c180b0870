/**
 * Reaches this server itself, on the address it listens on. PUBLIC_URL may be a name that only browsers take for this
 * machine (help.localhost), or a port that something in front of us holds.
 */
import { request as httpRequest } from 'node:http';

export function loopbackFetch(publicUrl: string, { host, port }: { host: string; port: number }): typeof fetch {
  const { host: publicHost } = new URL(publicUrl);
  return async (input, init) => {
    const asked = new Request(input, init);
    const { pathname, search } = new URL(asked.url);
    const body = Buffer.from(await asked.arrayBuffer());
    return new Promise((answered, failed) => {
      const request = httpRequest(
        {
          host: host.replace(/^\[(.*)\]$/, '$1'),
          port,
          path: pathname + search,
          method: asked.method,
          headers: { ...Object.fromEntries(asked.headers), host: publicHost, 'content-length': body.length },
          signal: asked.signal,
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', failed);
          response.once('end', () => {
            const headers = new Headers();
            for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
            answered(new Response(Buffer.concat(parts), { status: response.statusCode ?? 500, headers }));
          });
        },
      );
      request.once('error', failed);
      request.end(body);
    });
  };
}
