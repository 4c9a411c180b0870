/** The help page: notices in force, every entry by topic, the way to the chat and to a person. */
import type { Entry, KnowledgeBase, Notice } from '../../faq/entry.ts';
import type { Words } from '../../words/words.ts';
import { chatWindowWords } from '../chat-window-words.ts';
import { Sanitised, Section } from './page.tsx';

export interface HelpPageContent {
  readonly base: KnowledgeBase;
  readonly notices: readonly Notice[];
  readonly words: Words;
  readonly supportEmail: string;
}

export function HelpPage({ base, notices, words, supportEmail }: HelpPageContent) {
  return (
    <>
      <h1>{words.say('page.heading')}</h1>
      <p class="lead">{words.say('page.lead')}</p>
      {notices.length > 0 && <Notices notices={notices} words={words} />}
      {base.topics.map((topic) => (
        <Section key={topic.id} id={`topic-${topic.id}`} title={topic.title}>
          <Sanitised html={topic.html} />
          {base.entries
            .filter((entry) => entry.topic === topic.id)
            .map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
        </Section>
      ))}
      <Section id="not-here" title={words.say('page.notHere')}>
        <p>{words.say('page.notHereText', { email: supportEmail })}</p>
        <ChatLink words={words} />
      </Section>
    </>
  );
}

function Notices({ notices, words }: { readonly notices: readonly Notice[]; readonly words: Words }) {
  return (
    <section class="notices" aria-label={words.say('page.notices')}>
      {notices.map((notice) => (
        <div class="notice" key={notice.id}>
          <strong>{notice.title}</strong> <NoticeScope notice={notice} words={words} />
          <Sanitised html={notice.html} />
        </div>
      ))}
    </section>
  );
}

function NoticeScope({ notice, words }: { readonly notice: Notice; readonly words: Words }) {
  const scope = [...notice.portals, ...notice.locations, words.until(notice.until)];
  return <span class="scope">({scope.join(', ')})</span>;
}

function EntryRow({ entry }: { readonly entry: Entry }) {
  return (
    <details id={entry.id}>
      <summary>{entry.question}</summary>
      <Sanitised html={entry.html} />
    </details>
  );
}

/** Opens the chat: in a frame on this page where script.js runs, as a page of its own elsewhere. */
export function ChatLink({ words }: { readonly words: Words }) {
  return (
    <a class="chat-button" href="/chat" data-chat={JSON.stringify(chatWindowWords(words))}>
      {words.say('page.openChat')}
    </a>
  );
}
