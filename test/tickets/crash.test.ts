import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bundledProgram } from '../support/bundled-program.ts';

const source = fileURLToPath(new URL('relay-child.ts', import.meta.url));
const kills = 6;

describe('a process that is killed while staff reply', () => {
  it(`loses no reply in ${kills} kills, says none twice and none out of order`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accessdesk-relay-'));
    const child = await bundledProgram(source, folder);
    const start = (...more: string[]) =>
      spawn(process.execPath, [child, join(folder, 'store'), ...more], { stdio: ['ignore', 'pipe', 'inherit'] });

    const acknowledged = new Map<string, string[]>();
    for (let round = 0; round < kills; round++) {
      const process = start(String(round * 100_000));
      let heard = 0;
      for await (const line of createInterface({ input: process.stdout })) {
        const [conversation = '', reply = ''] = line.split(' ');
        acknowledged.set(conversation, [...(acknowledged.get(conversation) ?? []), reply]);
        heard += 1;
        // Another moment each round; what was on its way until the kill is still read.
        if (heard === 20 + round * 7) process.kill('SIGKILL');
      }
      if (process.exitCode === null && process.signalCode === null) await once(process, 'close');
    }
    const last = start();
    const said = new Map<string, string[]>();
    for await (const line of createInterface({ input: last.stdout })) {
      const [conversation, texts] = JSON.parse(line) as [string, string[]];
      said.set(conversation, texts);
    }
    await rm(folder, { recursive: true });

    expect(said.size).to.equal(5);
    for (const [conversation, texts] of said) {
      const known = acknowledged.get(conversation) ?? [];
      expect(known.length).to.be.at.least(1);
      expect(known.filter((reply) => !texts.includes(reply))).to.deep.equal([]);
      expect(new Set(texts).size).to.equal(texts.length);
      expect(texts.map(Number)).to.deep.equal([...texts].map(Number).sort((a, b) => a - b));
    }
  });
});
