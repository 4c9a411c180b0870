import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createKnowledge } from '../../src/faq/knowledge.ts';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { settings } from './sample-settings.ts';

const { base } = await loadKnowledgeBase(fileURLToPath(new URL('../../faq', import.meta.url)), settings);
const knowledge = createKnowledge(base);

describe('the shipped knowledge base', () => {
  it('finds an entry and an action while somebody is still typing', () => {
    expect(knowledge.suggest('forg passw')[0]?.id).to.equal('forgot-password');
    expect(knowledge.suggest('switch pro')[0]?.id).to.equal('switch-profiles');
    expect(knowledge.suggest('resend my inv')[0]?.id).to.equal('do:resend-invite');
  });

  it('reads what begins no word as a question', () => {
    expect(knowledge.suggest('forgoten pasword')[0]?.id).to.equal('forgot-password');
    expect(knowledge.suggest('forgoten pasw').map(({ id }) => id)).to.deep.equal(['forgot-password']);
  });

  it('marks in an answer what the question touched', () => {
    const { plain } = knowledge.entry('forgot-password') ?? { plain: '' };
    const marked = knowledge
      .search('my pasword is gone')
      .highlight(plain)
      .map(({ start, end }) => plain.slice(start, end));
    expect(marked.map((word) => word.toLowerCase()))
      .to.include('password')
      .and.not.include('is');
  });
});
