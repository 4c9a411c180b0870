import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cannedReplies, cannedRepliesFor } from '../../src/faq/canned-replies.ts';
import { createKnowledge } from '../../src/faq/knowledge.ts';
import { loadKnowledgeBase } from '../../src/faq/load-knowledge-base.ts';
import { settings } from './sample-settings.ts';

const { base } = await loadKnowledgeBase(fileURLToPath(new URL('../../faq', import.meta.url)), settings);
const knowledge = createKnowledge(base);

describe('canned replies', () => {
  it('are all answers by topic, ready to send', () => {
    const topics = cannedReplies(knowledge);
    expect(topics.map(({ id }) => id)).to.deep.equal(base.topics.map(({ id }) => id));
    expect(topics.flatMap(({ replies }) => replies)).to.have.length(base.entries.length);
    const contact = topics.flatMap(({ replies }) => replies).find(({ id }) => id === 'contact-support');
    expect(contact?.markdown).to.include('(mailto:help_desk@support.example)');
    expect(contact?.plain)
      .to.include('help_desk@support.example')
      .and.not.match(/[[\]*]/);
  });

  it('are those that may answer a question, or a word that is not finished, best first', () => {
    expect(cannedRepliesFor('i forgott my pasword', knowledge)[0]?.id).to.equal('forgot-password');
    expect(cannedRepliesFor('passw', knowledge).map(({ id }) => id)).to.include('forgot-password');
    expect(cannedRepliesFor('password', knowledge, 2)).to.have.length.at.most(2);
  });

  it('are no dialogs', () => {
    expect(cannedRepliesFor('resend my invitation', knowledge).map(({ id }) => id)).not.to.include('do:resend-invite');
  });
});
