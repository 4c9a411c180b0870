import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bundledProgram } from '../support/bundled-program.ts';
import { SmtpSink } from './smtp-sink.ts';

const source = fileURLToPath(new URL('mail-child.ts', import.meta.url));
const kills = 12;

describe('a process that is killed while it commits and sends mail', () => {
  it(`loses none in ${kills} kills, and what comes twice is the same byte for byte`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-crash-'));
    const child = await bundledProgram(source, folder);
    const sink = await new SmtpSink().listen();
    const acknowledged: number[] = [];
    const start = (round: number, ...more: string[]) =>
      spawn(process.execPath, [child, join(folder, 'store'), String(sink.port), String(round * 10), ...more], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });

    for (let round = 0; round < kills; round++) {
      const process = start(round, String(round * 100_000));
      const lines = createInterface({ input: process.stdout });
      lines.on('line', (line) => acknowledged.push(Number(line)));
      // In the middle of a mail, another one each round: the kill falls between its arrival and its row.
      await sink.until(sink.taken.length + 5 + round);
      process.kill('SIGKILL');
      await once(process, 'close');
    }
    const last = start(kills);
    expect(await once(last, 'close')).to.deep.equal([0, null]);
    await sink.close();
    await rm(folder, { recursive: true });

    const copies = new Map<string, string[]>();
    for (const { bytes } of sink.taken) {
      const text = bytes.toString();
      const id = /^Message-ID: (.*)$/m.exec(text)?.[1] ?? '';
      copies.set(id, [...(copies.get(id) ?? []), text]);
    }
    const arrived = new Set(sink.taken.map(({ bytes }) => messageOf(bytes.toString())));
    const lost = acknowledged.filter((n) => !arrived.has(digest(`row-${n}`)));
    expect(lost).to.deep.equal([]);
    expect(acknowledged.length).to.be.at.least(5 * kills);
    for (const texts of copies.values()) expect(new Set(texts).size).to.equal(1);
    const twice = [...copies.values()].filter(({ length }) => length > 1).length;
    expect(twice).to.be.at.least(1, 'no kill fell between the arrival of a mail and its row: the test shows nothing');
  });
});

const messageOf = (text: string) => /^Message-ID: <([\da-f]+)@/m.exec(text)?.[1] ?? '';
const digest = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 32);
