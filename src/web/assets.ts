/** The browser's files, made by the build under names that carry their hash: served compressed, and never asked for twice. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, Response, Server } from 'restify';
import { AccessDeskError, HttpError } from '../errors.ts';
import { type Contents, pack, sendContents } from './packed.ts';
import { addPage } from './server.ts';

export interface Assets {
  /** The address of a file by its plain name. */
  readonly address: (name: AssetName) => string;
  /** The content of a file by its plain name. */
  readonly content: (name: AssetName) => Buffer;
  /** Content by served name, encodings included, held in memory. */
  readonly files: ReadonlyMap<string, AssetFile>;
}

const assetNames = [
  'chat.css',
  'chat.js',
  'embed.js',
  'page.js',
  'staff.css',
  'staff.js',
  'style.css',
  'webchat.js',
] as const;
export type AssetName = (typeof assetNames)[number];

interface AssetFile {
  readonly type: string;
  readonly contents: Contents;
  readonly isHashed: boolean;
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};
const licence = 'webchat.js.LICENSE.txt';

/** @throws AccessDeskError `ERR_ASSETS` when the folder was not built. */
export async function loadAssets(folder: string): Promise<Assets> {
  try {
    const names = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>;
    const missing = assetNames.find((name) => names[name] === undefined);
    if (missing) throw new Error(`${missing} is not in the manifest: it is of another version`);
    const files = new Map<string, AssetFile>();
    for (const name of Object.values(names)) {
      const path = join(folder, name);
      const [identity, gzip, br] = await Promise.all([readFile(path), readFile(`${path}.gz`), readFile(`${path}.br`)]);
      files.set(name, {
        type: types[name.split('.').at(-1) ?? ''] ?? 'text/plain',
        contents: { identity, gzip, br },
        isHashed: true,
      });
    }
    const { contents } = await pack(await readFile(join(folder, licence), 'utf8'));
    files.set(licence, { type: types.txt ?? '', contents, isHashed: false });
    return {
      address: (name) => `/assets/${names[name]}`,
      content: (name) => files.get(names[name] ?? '')?.contents.identity ?? Buffer.alloc(0),
      files,
    };
  } catch (cause) {
    throw new AccessDeskError('ERR_ASSETS', `The browser's files are missing in ${folder}. Run: npm run build`, {
      cause,
    });
  }
}

export function addAssetRoutes(server: Server, { files }: Assets): void {
  addPage(server, '/assets/:name', async (request: Request, response: Response) => {
    const file = files.get(request.params.name);
    // embed.js is half a script until its route has put words in front.
    if (!file || request.params.name.startsWith('embed-'))
      throw new HttpError(404, 'NotFound', 'there is nothing at this address');
    sendContents(request, response, file.contents, {
      'content-type': file.type,
      'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    });
  });
}
