import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CapturedMails } from '../../src/mail/captured-mails.ts';
import { outbox } from '../../src/mail/outbox.ts';
import type { OutboxWorker } from '../../src/mail/outbox-worker.ts';
import { removeCaptured } from '../../src/mail/remove-captured.ts';
import { Change } from '../../src/records/records.ts';
import { MailBench } from './mail-bench.ts';

describe('captured mail', () => {
  let folder: string;
  let bench: MailBench;
  let captured: CapturedMails;
  let worker: OutboxWorker;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'accessdesk-captured-')), 'mail');
    bench = await MailBench.open();
    captured = new CapturedMails(folder);
    worker = bench.worker(captured);
  });
  afterEach(async () => {
    await worker.close();
    await bench.close();
    await rm(join(folder, '..'), { recursive: true });
  });

  it('is none before the first', async () => expect(await captured.list()).to.deep.equal([]));

  it('is a file per mail that only its owner reads, and is listed newest first', async () => {
    await bench.queue('row-1', { to: 'one@contoso.example' });
    bench.clock.advance(1);
    await bench.queue('row-2', { to: 'two@contoso.example' });
    worker.wake();
    await worker.idle();
    const names = (await readdir(folder)).sort();
    expect(names).to.have.length(2);
    expect(names[0]).to.match(/^2026-11-22T10-00-00\.000Z-[\da-f]{32}\.eml$/);
    for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).to.equal(0o600);
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    const list = await captured.list();
    expect(list.map(({ to, at }) => [to, at])).to.deep.equal([
      ['two@contoso.example', '2026-11-22T10:00:00.001Z'],
      ['one@contoso.example', '2026-11-22T10:00:00.000Z'],
    ]);
    expect(list[0]?.subject).to.equal('Contoso Ltd. - CustomerSource gives no access at the moment');
    expect(list[0]?.text).to.include('Hello Amira Malik,');
    expect(list[0]?.html).to.include('<!doctype html>').and.include('Hello Amira Malik,');
    expect((await bench.row('row-1')).answer).to.match(/^captured as /);
  });

  it('is one file again when the same row is sent twice', async () => {
    const message = {
      name: 'a'.repeat(32),
      at: '2026-11-22T10:00:00.000Z',
      to: 'a@b.example',
      from: 'c@d.example',
      bytes: Buffer.from('Subject: x\r\n\r\ny'),
    };
    await captured.deliver(message);
    await captured.deliver(message);
    expect(await readdir(folder)).to.have.length(1);
  });

  it('leaves other files of the folder alone, and half a file is none', async () => {
    await bench.queue('row-1');
    worker.wake();
    await worker.idle();
    const [name = ''] = await readdir(folder);
    await writeFile(join(folder, `${name}.tmp`), 'half');
    await writeFile(join(folder, 'notes.eml'), 'Subject: mine\r\n\r\n');
    expect(await captured.list()).to.have.length(1);
  });

  it('waits in the outbox while it cannot be written, and says so', async () => {
    await writeFile(folder, 'a file where the folder belongs');
    await bench.queue('row-1');
    worker.wake();
    await worker.idle();
    expect((await bench.row('row-1')).state).to.equal('waiting');
    expect((await worker.status()).trouble?.reason).to.match(/EEXIST|ENOTDIR/);
    await rm(folder);
    bench.clock.advance(5000);
    worker.wake();
    await worker.idle();
    expect((await bench.row('row-1')).state).to.equal('sent');
  });

  it('goes with its row, and stays as long as that does', async () => {
    for (const id of ['row-1', 'row-2']) await bench.queue(id, { to: `${id}@contoso.example` });
    worker.wake();
    await worker.idle();
    const row = await bench.records.get(outbox, 'row-1');
    if (row) await bench.records.commit(new Change().delete(outbox, row));
    await removeCaptured(captured, bench.records);
    expect((await captured.list()).map(({ to }) => to)).to.deep.equal(['row-2@contoso.example']);
    expect(await readdir(folder)).to.have.length(1);
  });

  it('is kept up to a number, the newest', async () => {
    const few = new CapturedMails(folder, 10);
    for (let n = 0; n < 100; n++) {
      const at = new Date(Date.parse('2026-11-22T10:00:00.000Z') + n).toISOString();
      const name = String(n).padStart(32, '0');
      await few.deliver({
        name,
        at,
        to: `n${n}@b.example`,
        from: 'c@d.example',
        bytes: Buffer.from(`To: n${n}@b.example\r\n\r\ny`),
      });
    }
    const left = (await few.list()).map(({ to }) => to);
    expect(left).to.have.length(10);
    expect(left.at(-1)).to.equal('n90@b.example');
  });
});
