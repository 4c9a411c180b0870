/** Multiple Accounts: which company to go on with. One press chooses. */
import type { OwnProfile } from '../../accounts/own-profiles.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { StatePage } from './access-pages.tsx';
import { AddressText } from './address-text.tsx';
import { CsrfField } from './csrf-field.tsx';
import { Icon } from './icons.tsx';
import { Bar } from './page.tsx';

export interface AccountsPageContent {
  readonly words: Words;
  readonly csrf: string;
  readonly account: string;
  readonly own: readonly OwnProfile[];
  /** The profile that is in use in this session. */
  readonly inUse: string | undefined;
  /** Where the choice leads; '' for My Profile. */
  readonly returnTo: string;
  /** What became of a choice that did not work. */
  readonly problem?: string;
}

export function AccountsPage({ words, csrf, account, own, inUse, returnTo, problem }: AccountsPageContent) {
  const open = own.filter(({ access }) => access.given);
  const shut = own.filter(({ access }) => !access.given);
  const lastUsed = inUse ?? open.find(({ usedAt }) => usedAt !== undefined)?.member.profile.id;
  const title = words.say(open.length > 0 ? 'accounts.title' : 'accounts.none');
  const text =
    open.length > 0
      ? words.say('accounts.text', { count: open.length })
      : words.say(shut.length > 0 ? 'accounts.allShut' : 'accounts.noneText', { account });
  return (
    <StatePage title={title} text={text} words={words}>
      {problem && (
        <Bar>
          <span role="alert">{problem}</span>
        </Bar>
      )}
      {open.length > 0 && (
        <form method="post" action="/accounts">
          <CsrfField token={csrf} />
          <input type="hidden" name="return" value={returnTo} />
          <ul class="card rows plain">
            {open.map((one) => (
              <li key={one.member.profile.id}>
                <button type="submit" class="row" name="profile" value={one.member.profile.id}>
                  <Choice own={one} words={words} />
                  {one.member.profile.id === lastUsed && (
                    <span class="pill">{words.say(inUse ? 'accounts.inUse' : 'accounts.usedLast')}</span>
                  )}
                  <Icon name="forward" />
                </button>
              </li>
            ))}
          </ul>
        </form>
      )}
      {shut.length > 0 && <NoAccess shut={shut} words={words} />}
      {open.length > 0 ? (
        <p class="after">
          {words.say('accounts.missing')} <a href="/associate">{words.say('accounts.linkAnother')}</a>
        </p>
      ) : (
        <p class="buttons">
          <a class="button primary" href="/associate">
            {words.say('accounts.link')}
          </a>
          <a class="button" href="/sign-in">
            {words.say('signIn.other')}
          </a>
        </p>
      )}
    </StatePage>
  );
}

function Choice({ own, words }: { readonly own: OwnProfile; readonly words: Words }) {
  const { organisation, profile } = own.member;
  return (
    <>
      <span class="tile letters" aria-hidden="true">
        {Array.from(organisation.value.name).slice(0, 2).join('')}
      </span>
      <span class="what">
        <bdi class="first">{organisation.value.name}</bdi>
        <span class="second">
          {organisation.value.portal}, <AddressText address={profile.value.email} />
        </span>
        <span class="second">{entitlement(own, words)}</span>
      </span>
    </>
  );
}

/** "Administrator, Enhancement Plan". */
export function entitlement({ member }: Pick<OwnProfile, 'member'>, words: Words): string {
  const { plan } = member.organisation.value;
  return words.say('accounts.entitlement', {
    role: words.say(`role.${member.profile.value.role}`),
    plan: words.say(`plan.${plan}`),
  });
}

/** Why profiles give no access, and whom to ask. */
export function NoAccess({ shut, words }: { readonly shut: readonly OwnProfile[]; readonly words: Words }) {
  return (
    <section aria-labelledby="_no-access" class="part">
      <h2 id="_no-access">{words.say('accounts.shut')}</h2>
      <ul class="card rows plain">
        {shut.map((own) => (
          <li key={own.member.profile.id} class="still">
            <bdi class="first">{own.member.organisation.value.name}</bdi>
            <span class="second">
              {own.member.organisation.value.portal}, <AddressText address={own.member.profile.value.email} />
            </span>
            <span class="second">{whyShut(own, words)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function whyShut({ access, member }: OwnProfile, words: Words): string {
  if (access.given) return '';
  const { name: company, portal } = member.organisation.value;
  const key: WordKey = `access.${access.reason}`;
  return words.say(key, { company, portal, since: words.day(new Date(access.since)) });
}
