/** Canned replies: answers of the knowledge base to insert into a reply. */

import type { Words } from '../../words/words.ts';
import { FindForm } from './find-form.tsx';
import { Icon } from './icons.tsx';

export interface CannedOnPage {
  readonly number: number;
  /** What was searched for. */
  readonly text: string;
  /** As plain text, best first. */
  readonly replies: readonly { readonly id: string; readonly question: string; readonly plain: string }[];
}

export function CannedReplies({
  words,
  shown: { number, text, replies },
}: {
  readonly words: Words;
  readonly shown: CannedOnPage;
}) {
  const address = `/staff/tickets/${number}`;
  return (
    <div data-part="canned">
      <p class="back">
        <a href={address}>
          <Icon name="back" />
          {words.say('staff.canned.back', { number: `#${number}` })}
        </a>
      </p>
      <p class="lead">{words.say('staff.canned.text')}</p>
      <FindForm
        action={`${address}/canned`}
        text={text}
        label={words.say('staff.canned.search')}
        button={words.say('staff.canned.find')}
      />
      {replies.length === 0 ? (
        <div class="empty">
          <p class="empty-fact">{words.say('staff.canned.none')}</p>
          <p>{words.say('staff.canned.noneText')}</p>
        </div>
      ) : (
        <ol class="canned card">
          {replies.map(({ id, question, plain }) => (
            <li key={id}>
              <div>
                <h2>{question}</h2>
                <p>{plain}</p>
              </div>
              <a class="button small" href={`${address}?insert=${encodeURIComponent(id)}`} data-insert={plain}>
                {words.say('staff.canned.insert')}
                <span class="spoken"> {question}</span>
              </a>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
