/**
 * Brings Bot Framework Web Chat: the one script of it that a page needs, and the notices of what is inside. As a dependency the package
 * would bring 440 others (486 MB) and a statistics file of 147 MB, none of which the script uses; so its tarball is
 * taken from the package registry by `npm pack` (7 MB), checked against the checksum below, kept in .cache/, and only
 * these two files are read from it. Without a network, put the tarball into .cache/ by hand.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { list } from 'tar';

const version = '4.18.1';
const integrity = 'sha512-7jpEUJ7olT62Xm+8eh7BhhIcXVfU2xD4pZDaeBt8K4XcNy6K/83UGIxE9BFkXmHMZ4hDEVOzs5cre07GWuaXzg==';
const fileName = `botframework-webchat-${version}.tgz`;

/** Returns `{ script, notices }` as buffers: notices are those of the packages inside the script. Rejects with what to do when the tarball cannot be had or is another one. */
export async function fetchWebChat(root) {
  const cache = join(root, '.cache');
  const tarball = join(cache, fileName);
  if (!(await isIntact(tarball))) await download(cache, tarball);
  return await extract(tarball);
}

async function isIntact(path) {
  const content = await readFile(path).catch(() => undefined);
  return content !== undefined && `sha512-${createHash('sha512').update(content).digest('base64')}` === integrity;
}

async function download(cache, tarball) {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'download-'));
  try {
    const arguments_ = ['pack', `botframework-webchat@${version}`, '--pack-destination', folder, '--ignore-scripts'];
    await promisify(execFile)('npm', arguments_, { cwd: folder, shell: process.platform === 'win32' });
    const downloaded = join(folder, fileName);
    if (!(await isIntact(downloaded))) throw new Error('its checksum is not the one recorded in build/web-chat.js');
    await rename(downloaded, tarball);
  } catch (error) {
    const reason = error.stderr?.trim().split('\n').at(-1) || error.message;
    throw new Error(
      `Bot Framework Web Chat ${version} could not be taken from the package registry: ${reason}\n` +
        `Check that npm reaches its registry, or put ${fileName} into ${cache} and build again.`,
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function extract(tarball) {
  const wanted = { 'package/dist/webchat.js': 'script', 'package/dist/webchat.js.LICENSE.txt': 'notices' };
  const found = {};
  await list({
    file: tarball,
    filter: (path) => path in wanted,
    onReadEntry: (entry) => {
      const parts = [];
      entry.on('data', (part) => parts.push(part));
      entry.on('end', () => {
        found[wanted[entry.path]] = Buffer.concat(parts);
      });
    },
  });
  for (const [path, name] of Object.entries(wanted)) if (!found[name]) throw new Error(`${fileName} has no ${path}`);
  return found;
}
