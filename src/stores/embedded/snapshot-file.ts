/** Reading and writing db.json, the snapshot. */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Adapter } from 'lowdb';
import { AccessDeskError } from '../../errors.ts';
import { Pace } from '../../pace.ts';
import { damage } from './damage.ts';
import { type FileSystem, hasCode, syncFolder, writeFully } from './file-system.ts';
import { type Document, documentsOf, isPut, type Model } from './model.ts';

/** Version of the file's shape; a file of another version is refused. */
const SCHEMA = 1;
/** Bytes gathered before they are written. */
const CHUNK = 128 * 1024;

const HEAD = /^\{"schema":(\d+),"seq":(\d+),"documents":\[$/;
const TAIL = /^\],"checksum":"([0-9a-f]{8})"\}$/;

/** What becomes of a document: itself, another, or nothing. */
export type Transform = (collection: string, id: string, document: Document) => Document | undefined;

/**
 * lowdb's adapter for `db.json`: a JSON object with one document to a line, closed by the CRC-32 of all lines before
 * the last. A write replaces the file as a whole or not at all, and is durable when it resolves.
 */
export class SnapshotFile implements Adapter<Model> {
  readonly path: string;
  readonly #folder: string;
  readonly #files: FileSystem;
  readonly #unique: () => string;
  #size = { documents: 0, length: 0 };

  /** @param unique - text for the temporary file's name that was not given before */
  constructor(folder: string, files: FileSystem, unique: () => string) {
    this.path = join(folder, 'db.json');
    this.#folder = folder;
    this.#files = files;
    this.#unique = unique;
  }

  /** Documents and bytes of the file as it was last read or written. */
  get size(): { readonly documents: number; readonly length: number } {
    return this.#size;
  }

  /**
   * The model in the file; null where there is no file.
   * @throws AccessDeskError `ERR_STORE_DAMAGED` or `ERR_STORE_SCHEMA`; the file is left as it is
   */
  async read(): Promise<Model | null> {
    let bytes: Buffer;
    try {
      bytes = await this.#files.readFile(this.path);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    }
    const model = this.#parse(bytes);
    this.#size = { documents: count(model), length: bytes.length };
    return model;
  }

  /**
   * Writes the model as it is while this runs: a document changed meanwhile may be in the file in either state, so
   * records after the `seq` at the time of the call have to be replayed over it.
   * @param transform - asked once for each document what to write in its place; the model stays as it is
   */
  async write(model: Model, transform: Transform = (_collection, _id, document) => document): Promise<void> {
    const { seq } = model;
    const temporary = `${this.path}.${this.#unique()}.tmp`;
    const file = await this.#files.open(temporary, 'wx', 0o600);
    let position = 0;
    try {
      let checksum = 0;
      for await (const chunk of chunks(model, seq, transform)) {
        checksum = crc32(chunk, checksum);
        await writeFully(file, chunk, position);
        position += chunk.length;
      }
      await writeFully(file, Buffer.from(`],"checksum":"${hex(checksum)}"}\n`), position);
      await file.sync();
      await file.close();
      await this.#files.rename(temporary, this.path);
    } catch (error) {
      await file.close().catch(() => {});
      await this.#files.unlink(temporary).catch(() => {});
      throw error;
    }
    this.#size = { documents: count(model), length: position };
    await syncFolder(this.#files, this.#folder);
  }

  #parse(bytes: Buffer): Model {
    const lastLine = bytes.lastIndexOf('\n', -2) + 1;
    const checksum =
      bytes.at(-1) === 0x0a ? TAIL.exec(bytes.toString('latin1', lastLine, bytes.length - 1))?.[1] : undefined;
    if (!checksum) throw damage(this.path, 'the file is empty, cut off, or not a snapshot of this store');
    if (checksum !== hex(crc32(bytes.subarray(0, lastLine)))) {
      throw damage(this.path, 'the content does not match the checksum in its last line');
    }
    const headEnd = bytes.indexOf('\n');
    const head = HEAD.exec(bytes.toString('latin1', 0, headEnd));
    if (!head) throw damage(`${this.path}:1`, 'the first line is not that of a snapshot');
    if (Number(head[1]) !== SCHEMA) {
      throw new AccessDeskError(
        'ERR_STORE_SCHEMA',
        `${this.path} has schema ${head[1]}, this version reads schema ${SCHEMA}. ` +
          'Start the version of AccessDesk that wrote it; nothing was changed.',
      );
    }
    const model: Model = { seq: Number(head[2]), collections: new Map() };
    for (let start = headEnd + 1, line = 2; start < lastLine; line += 1) {
      const end = bytes.indexOf('\n', start);
      const separated = bytes[end - 1] === 0x2c;
      const put = parse(bytes.toString('utf8', start, separated ? end - 1 : end));
      if (!isPut(put) || separated !== end + 1 < lastLine)
        throw damage(`${this.path}:${line}`, 'the line is not a document');
      documentsOf(model, put[0]).set(put[1], put[2]);
      start = end + 1;
    }
    return model;
  }
}

async function* chunks(model: Model, seq: number, transform: Transform): AsyncGenerator<Buffer> {
  const pace = new Pace();
  let text = `{"schema":${SCHEMA},"seq":${seq},"documents":[`;
  let separator = '\n';
  for (const [collection, documents] of model.collections) {
    for (const [id, document] of documents) {
      const written = transform(collection, id, document);
      if (written) {
        text += separator + JSON.stringify([collection, id, written]);
        separator = ',\n';
      }
      if (text.length >= CHUNK || pace.isDue) {
        yield Buffer.from(text);
        text = '';
        if (pace.isDue) await pace.rest();
      }
    }
  }
  yield Buffer.from(`${text}\n`);
}

function count({ collections }: Model): number {
  let documents = 0;
  for (const { size } of collections.values()) documents += size;
  return documents;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
