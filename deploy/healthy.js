/** The image's health check: 0 when the server here is ready. Node, since the image has no curl. */
const { HOST = '', PORT, PUBLIC_URL } = process.env;
const host = HOST === '' || HOST === '0.0.0.0' ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST;
const response = await fetch(`http://${host}:${PORT || 3978}/readyz`, {
  headers: { host: new URL(PUBLIC_URL || 'http://localhost').host },
  signal: AbortSignal.timeout(4000),
}).catch(() => undefined);
process.exit(response?.ok ? 0 : 1);
