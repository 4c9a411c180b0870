import { expect } from 'chai';
import { createLog } from '../src/log.ts';

describe('the log', () => {
  it('has what an error is and what caused it, and nothing that the error carries along', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    const cause = Object.assign(new Error('the disk is full'), { code: 'ENOSPC', answers: 'amira@contoso.example' });
    const error = Object.assign(new Error('a dialog failed', { cause }), {
      dialogContext: { stack: [{ state: { text: 'what somebody wrote' } }] },
    });
    log.error({ err: error, reference: 'R1' }, 'a turn failed');
    const { err, reference, msg } = JSON.parse(lines[0] ?? '');
    expect([err.message, err.cause.message, err.cause.code, reference, msg]).to.deep.equal([
      'a dialog failed',
      'the disk is full',
      'ENOSPC',
      'R1',
      'a turn failed',
    ]);
    expect(err.stack).to.include('log.test.ts');
    expect(lines.join('')).not.to.match(/somebody wrote|amira@/);
  });

  it('ends where errors cause each other', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    const error: Error = new Error('a');
    error.cause = error;
    log.error({ err: error }, 'a circle');
    expect(lines).to.have.length(1);
  });
});
