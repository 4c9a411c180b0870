/** The image's health check: 0 when the server here is ready. Node, since the image has no curl. */
const response = await fetch(`http://127.0.0.1:${process.env.PORT || 3978}/readyz`, {
  headers: { host: new URL(process.env.PUBLIC_URL || 'http://localhost').host },
  signal: AbortSignal.timeout(4000),
}).catch(() => undefined);
process.exit(response?.ok ? 0 : 1);
