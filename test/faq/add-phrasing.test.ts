import { expect } from 'chai';
import { addPhrasing } from '../../src/faq/add-phrasing.ts';
import { settings } from './sample-settings.ts';

const add = (text: string, id = 'one', phrasing = 'new words', file = 'a.md') =>
  addPhrasing({ id, phrasing, file, text, settings });

describe('addPhrasing', () => {
  const file =
    '---\norder: 1\n---\n\n# T\n\n## One? {#one}\n\nAnswer.\n\n*Also asked:*\n\n* first\n* second\n  goes on\n\n*See also:* [Two](#two)\n\n**Two?** {#two}\nAnswer two.\n';

  it('puts it behind the last one, marked as that is, and leaves all other lines', () => {
    const { text, line } = add(file);
    expect(text).to.equal(file.replace('  goes on\n', '  goes on\n* new words\n'));
    expect(text.split('\n')[line - 1]).to.equal('* new words');
  });

  it('begins a list where there is none, at the end of the file too', () => {
    expect(add(file, 'two').text).to.equal(`${file.trimEnd()}\n\n*Also asked:*\n\n- new words\n`);
  });

  it('begins a list before the labels that follow', () => {
    const { text } = add('# T\n\n## One? {#one}\n\nAnswer.\n\n*See also:* [Two](#two)\n\n## Two? {#two}\n\nA\n');
    expect(text).to.equal(
      '# T\n\n## One? {#one}\n\nAnswer.\n\n*Also asked:*\n\n- new words\n\n*See also:* [Two](#two)\n\n## Two? {#two}\n\nA\n',
    );
  });

  it('keeps the line ends of Windows', () => {
    const windows = file.replaceAll('\n', '\r\n');
    expect(add(windows).text).to.equal(windows.replace('goes on\r\n', 'goes on\r\n* new words\r\n'));
  });

  it('writes what begins a dialog into actions.md', () => {
    const actions = '# A\n\n## Send {#do:resend-invite}\n\nI send.\n\n*Also asked:*\n\n- again\n';
    expect(add(actions, 'do:resend-invite', 'once more', 'actions.md').text).to.equal(`${actions}- once more\n`);
  });

  for (const odd of [
    '*stars* and _lines_',
    '[a](javascript:alert)',
    '# no heading',
    '1. no list',
    '<b>bold</b>',
    '- dash',
    'a | b \\ c',
    '`code`',
    '{#one}',
  ]) {
    it(`writes ${odd} so that it reads as it was typed`, () => {
      const { text } = add(file, 'one', odd);
      expect(add(text, 'one', 'check').line).to.equal(add(file).line + 1);
    });
  }

  it('says what to do where the entry is gone', () => {
    expect(() => add(file, 'three')).to.throw('There is no three in a.md any more.');
  });
});
