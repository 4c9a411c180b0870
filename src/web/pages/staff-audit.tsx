/** The trail, for leads: who did what to whose access, by which proof. */
import type { AuditEntry } from '../../audit/audit.ts';
import type { Stored } from '../../records/records.ts';
import type { Words } from '../../words/words.ts';
import { Clock } from './staff-ticket.tsx';

export interface AuditOnPage {
  readonly filter: { readonly profile: string; readonly actor: string; readonly day: string };
  readonly entries: readonly Stored<AuditEntry>[];
  /** Of staff, by actor. */
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
        <code>{action}</code>
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
