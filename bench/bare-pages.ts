/** What the help page is compared with: node:http alone with the same bytes, and a page that loads Web Chat at once. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root } from './servers.ts';

const names = JSON.parse(await readFile(join(root, 'dist/assets/manifest.json'), 'utf8')) as Record<string, string>;
const script = await readFile(join(root, 'dist/assets', `${names['webchat.js']}.br`));
const page = process.env.PAGE ? await readFile(process.env.PAGE) : Buffer.from('');

const atOnce = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chat</title>
<script src="/webchat.js"></script></head><body><h1>Help</h1><div id="chat"></div><script>
WebChat.renderWebChat({ directLine: WebChat.createDirectLine({ token: 'none', domain: '/none' }) }, document.getElementById('chat'));
</script></body></html>`;

createServer((request, response) => {
  if (request.url === '/webchat.js') {
    response.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'br' }).end(script);
  } else if (request.url === '/at-once') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(atOnce);
  } else {
    response
      .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'br', 'content-length': page.length })
      .end(page);
  }
}).listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
