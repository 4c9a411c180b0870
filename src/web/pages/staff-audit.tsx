/** The trail, for leads: who did what to whose access, by which proof. */
import type { AuditEntry, TrailAction } from '../../audit/audit.ts';
import { historyActions } from '../../changes/profile-history.ts';
import type { Stored } from '../../records/records.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { Clock } from './staff-ticket.tsx';

export interface AuditOnPage {
  readonly filter: { readonly profile: string; readonly actor: string; readonly day: string };
  readonly entries: readonly Stored<AuditEntry>[];
  /** By actor; of those who are known by one. */
  readonly names: ReadonlyMap<string, string>;
  /** The address of what is older. */
  readonly older?: string;
}

export function AuditPage({ words, shown }: { readonly words: Words; readonly shown: AuditOnPage }) {
  const { filter, entries, names, older } = shown;
  return (
    <>
      <search>
        <form class="find" action="/staff/audit">
          {(['profile', 'actor', 'day'] as const).map((name) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: its field is inside, one of two kinds.
            <label key={name}>
              {words.say(`staff.audit.${name}`)}
              {name === 'day' ? (
                <input class="field" name={name} type="date" value={filter[name]} />
              ) : (
                <input class="field" name={name} value={filter[name]} maxLength={300} />
              )}
            </label>
          ))}
          <button type="submit" class="button">
            {words.say('staff.audit.show')}
          </button>
        </form>
      </search>
      {entries.length === 0 ? (
        <div class="empty card">
          <p class="empty-fact">{words.say('staff.audit.none')}</p>
          <p>{words.say('staff.audit.noneText')}</p>
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls by itself has to be reached by keyboard.
        <section class="card trail" tabIndex={0} aria-label={words.say('staff.list.audit')}>
          <table>
            <thead>
              <tr>
                {(['time', 'action', 'actor', 'profile', 'details'] as const).map((name) => (
                  <th key={name} scope="col">
                    {words.say(`staff.audit.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.map(({ id, value }) => (
                <Row key={id} entry={value} name={names.get(value.actor)} words={words} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {older && (
        <p class="pane-end">
          <a class="button small" href={older}>
            {words.say('staff.audit.older')}
          </a>
        </p>
      )}
    </>
  );
}

interface RowContent {
  readonly entry: AuditEntry;
  /** What the actor is called. */
  readonly name?: string;
  readonly words: Words;
}

function Row({ entry, name, words }: RowContent) {
  const { at, action, actor, proof, profile, details = {}, from } = entry;
  return (
    <tr>
      <td>
        <Clock at={at} words={words} />
      </td>
      <td>
        {wordsFor(action, words)}
        <span class="second">
          <code>{action}</code>
        </span>
      </td>
      <td>
        <bdi>{name ?? actor}</bdi>
        <span class="second">
          {name && (
            <>
              <bdi>{actor}</bdi>,{' '}
            </>
          )}
          {proof}
          {from && `, ${from}`}
        </span>
      </td>
      <td>{profile && <a href={`/staff/people?q=${encodeURIComponent(profile)}`}>{profile}</a>}</td>
      <td>
        {Object.entries(details).map(([name, value]) => (
          <span key={name} class="detail">
            {name}: <bdi>{value}</bdi>
          </span>
        ))}
      </td>
    </tr>
  );
}

/** What the history of a profile does not show. */
type OnlyTrail = Exclude<TrailAction, (typeof historyActions)[number]>;

const wordsOfTrail: Readonly<Record<OnlyTrail, WordKey>> = {
  'invitation.asked': 'trail.invitation.asked',
  'code.asked': 'trail.code.asked',
  'code.sent': 'trail.code.sent',
  'code.locked': 'trail.code.locked',
  'sign-in.asked': 'trail.sign-in.asked',
  'sign-in.offered': 'trail.sign-in.offered',
  'sign-in.locked': 'trail.sign-in.locked',
  'proof.verified': 'trail.proof.verified',
  'profile.shown': 'trail.profile.shown',
  'profile.chosen': 'trail.profile.chosen',
  'teams.tied': 'trail.teams.tied',
  'knowledge.phrasing': 'trail.knowledge.phrasing',
  'knowledge.answer': 'trail.knowledge.answer',
};

/** What happened to a profile is worded as its owner reads it. */
function wordsFor(action: TrailAction, words: Words): string {
  const inHistory = historyActions.find((one) => one === action);
  if (inHistory) return words.say(`history.${inHistory}`);
  return words.say(wordsOfTrail[action as OnlyTrail] ?? 'history.other');
}
