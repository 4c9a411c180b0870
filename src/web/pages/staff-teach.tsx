/** Teaching the bot from a ticket: the user's words as another phrasing of an answer that is there, or a new answer. */

import type { EditableTopic } from '../../faq/knowledge-editing.ts';
import type { Words } from '../../words/words.ts';
import { CsrfField } from './csrf-field.tsx';
import { FindForm } from './find-form.tsx';
import { Icon } from './icons.tsx';
import { NoticeBar, type StaffNotice } from './staff-frame.tsx';

export interface TeachOnPage {
  readonly number: number;
  readonly csrf: string;
  readonly nonce: string;
  /** What the user asked, or what was typed instead. */
  readonly phrasing: string;
  /** Entries and actions that it may belong to, best first. */
  readonly near: readonly { readonly id: string; readonly question: string }[];
  readonly chosen?: string;
  readonly question: string;
  readonly answer: string;
  readonly topic?: string;
  readonly topics: readonly EditableTopic[];
  /** What near entries were searched with. */
  readonly text: string;
  readonly notice?: StaffNotice;
}

export function TeachPage({ words, shown }: { readonly words: Words; readonly shown: TeachOnPage }) {
  const { number, csrf, nonce, phrasing, near, chosen, question, answer, topic, topics, text, notice } = shown;
  const address = `/staff/tickets/${number}/teach`;
  const hidden = (
    <>
      <CsrfField token={csrf} />
      <input type="hidden" name="nonce" value={nonce} />
    </>
  );
  return (
    <>
      <p class="back">
        <a href={`/staff/tickets/${number}`}>
          <Icon name="back" />
          {words.say('staff.canned.back', { number: `#${number}` })}
        </a>
      </p>
      <NoticeBar notice={notice} />
      <p class="lead">{words.say('staff.teach.text')}</p>
      <section class="card part">
        <h2>{words.say('staff.teach.phrasing')}</h2>
        <FindForm
          action={address}
          text={text}
          label={words.say('staff.teach.search')}
          button={words.say('staff.canned.find')}
        />
        <form method="post" action={`${address}/phrasing`} class="stacked">
          {hidden}
          <label for="_phrasing">{words.say('staff.teach.words')}</label>
          <input id="_phrasing" class="field" name="phrasing" value={phrasing} maxLength={200} />
          {near.length === 0 ? (
            <p>{words.say('staff.canned.noneText')}</p>
          ) : (
            <fieldset>
              <legend>{words.say('staff.teach.belongs')}</legend>
              {near.map(({ id, question: title }, index) => (
                <label key={id}>
                  <input
                    type="radio"
                    name="id"
                    value={id}
                    checked={chosen === undefined ? index === 0 : id === chosen}
                  />
                  <span>{title}</span>
                </label>
              ))}
            </fieldset>
          )}
          {near.length > 0 && (
            <p>
              <button type="submit" class="button primary">
                {words.say('staff.teach.addPhrasing')}
              </button>
            </p>
          )}
        </form>
      </section>
      <section class="card part">
        <h2>{words.say('staff.teach.answer')}</h2>
        <form method="post" action={`${address}/answer`} class="stacked">
          {hidden}
          <label for="_question">{words.say('staff.teach.question')}</label>
          <input id="_question" class="field" name="question" value={question} maxLength={200} />
          <label for="_answer">{words.say('staff.teach.markdown')}</label>
          <textarea id="_answer" class="field" name="answer" maxLength={4000} rows={6}>
            {answer}
          </textarea>
          <label for="_in">{words.say('staff.topic')}</label>
          <select id="_in" name="topic">
            {topics.map(({ id, title }) => (
              <option key={id} value={id} selected={id === topic}>
                {title}
              </option>
            ))}
          </select>
          <p>
            <button type="submit" class="button">
              {words.say('staff.teach.addAnswer')}
            </button>
          </p>
        </form>
      </section>
    </>
  );
}
