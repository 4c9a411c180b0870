/** What a link came to, state by state: title and content of the page that says so. */
import type { VNode } from 'preact';
import type { UndoKind } from '../../accounts/undo.ts';
import type { Member } from '../../directory/directory.ts';
import type { InvitationState } from '../../invitations/invitation.ts';
import type { Redeemed } from '../../invitations/invitations.ts';
import type { WordKey, Words } from '../../words/words.ts';
import { ConfirmForm, Joined, StatePage } from './access-pages.tsx';
import { WriteButton } from './page.tsx';

export interface TitledPage {
  readonly title: string;
  readonly content: VNode;
}

export interface InvitationPageContent {
  readonly words: Words;
  /** `none`: they are signed in, and no link is open: it was confirmed a moment ago, or was broken. */
  readonly state: InvitationState | 'unknown' | 'none';
  /** Undefined for strangers: names are for who has signed in. */
  readonly member: Member | undefined;
  readonly account: string | undefined;
  readonly csrf: string;
  readonly purpose: 'associate' | 'reassociate';
  /** The profile is linked to the account they are signed in with. */
  readonly isTheirs: boolean;
}

export function invitationPage(shown: InvitationPageContent): TitledPage {
  const { words, state, member, account, csrf, purpose, isTheirs } = shown;
  if (state === 'none') return nothingOpenPage(words);
  if (state !== 'valid') return gone(words, state);
  if (!member || account === undefined) {
    const title = words.say('invitation.signIn');
    const content = (
      <StatePage title={title} text={words.say('invitation.signInText')} words={words}>
        <p class="buttons">
          <a class="button primary" href="/sign-in?return=/invitations">
            {words.say('account.signIn')}
          </a>
        </p>
      </StatePage>
    );
    return { title, content };
  }
  if (purpose === 'reassociate' && isTheirs) return otherAccountPage(words, account);
  const title = words.say(purpose === 'associate' ? 'invitation.confirm' : 'invitation.confirmMove');
  const content = (
    <StatePage title={title} text={words.say('invitation.confirmText')} words={words}>
      <Joined first={[companyOf(member), portalOf(member)]} second={[account, words.say('invitation.account')]} />
      <ConfirmForm action="/invitations" csrf={csrf} label={words.say('invitation.link')}>
        <a class="button" href="/sign-in?return=/invitations">
          {words.say('signIn.other')}
        </a>
      </ConfirmForm>
    </StatePage>
  );
  return { title, content };
}

/** Where "back" and "reload" lead after a link was confirmed. */
function nothingOpenPage(words: Words): TitledPage {
  const title = words.say('invitation.none');
  const content = (
    <StatePage title={title} text={words.say('invitation.noneText')} words={words}>
      <p class="buttons">
        <a class="button primary" href="/profile">
          {words.say('invitation.toProfile')}
        </a>
        <a class="button" href="/associate">
          {words.say('invitation.another')}
        </a>
      </p>
    </StatePage>
  );
  return { title, content };
}

/** For somebody who is still signed in with the account that the profile is to leave. */
function otherAccountPage(words: Words, account: string): TitledPage {
  const title = words.say('invitation.same-account');
  const content = (
    <StatePage title={title} text={words.say('invitation.same-accountText', { account })} words={words}>
      <p class="buttons">
        <a class="button primary" href="/sign-in?return=/invitations">
          {words.say('signIn.other')}
        </a>
      </p>
    </StatePage>
  );
  return { title, content };
}

export interface LinkedPageContent {
  readonly words: Words;
  readonly redeemed: Redeemed;
  readonly account: string;
  readonly portalUrl: (portal: string) => string;
}

export function linkedPage({ words, redeemed, account, portalUrl }: LinkedPageContent): TitledPage {
  if (redeemed.outcome === 'not-valid') return gone(words, redeemed.state);
  const { member, outcome } = redeemed;
  if (outcome === 'same-account') return otherAccountPage(words, account);
  const portal = portalOf(member);
  const company = companyOf(member);
  if (outcome === 'taken' || outcome === 'no-access') {
    const title = words.say(`invitation.${outcome}`);
    return {
      title,
      content: (
        <StatePage title={title} text={words.say(`invitation.${outcome}Text`, { company, portal })} words={words} />
      ),
    };
  }
  const title = words.say(outcome === 'linked' ? 'invitation.linked' : 'invitation.already');
  const content = (
    <StatePage
      title={title}
      text={words.say(outcome === 'linked' ? 'invitation.linkedText' : 'invitation.alreadyText', { company, portal })}
      words={words}
    >
      <Joined first={[company, portal]} second={[account, words.say('invitation.account')]} />
      <p class="buttons">
        <a class="button primary" href={portalUrl(portal)} rel="noopener">
          {words.say('invitation.goTo', { portal })}
        </a>
      </p>
    </StatePage>
  );
  return { title, content };
}

export interface UndoPageContent {
  readonly words: Words;
  readonly state: 'open' | 'used' | 'expired' | 'overtaken' | 'unknown' | 'undone';
  readonly kind: UndoKind;
  readonly member: Member | undefined;
  readonly csrf: string;
  readonly action: string;
  readonly supportEmail: string;
}

export function undoPage({ words, state, kind, member, csrf, action, supportEmail }: UndoPageContent): TitledPage {
  const title = words.say(`undo.${state}`);
  const values = { company: member ? companyOf(member) : '', portal: member ? portalOf(member) : '' };
  const saysWhat = state === 'open' || state === 'undone';
  const text = words.say(saysWhat && kind !== 'link' ? `undo.${state}Text.${kind}` : `undo.${state}Text`, values);
  const content = (
    <StatePage title={title} text={text} words={words}>
      {state === 'open' ? (
        <ConfirmForm action={action} csrf={csrf} label={words.say('undo.button')} />
      ) : (
        <p class="buttons">
          <WriteButton words={words} email={supportEmail} />
        </p>
      )}
    </StatePage>
  );
  return { title, content };
}

/** Why a link no longer works, and the way to a new one. */
function gone(words: Words, state: Exclude<InvitationState, 'valid'> | 'valid' | 'unknown'): TitledPage {
  const title = words.say('invitation.gone');
  const content = (
    <StatePage title={title} text={words.say(`invitation.gone.${state}` as WordKey)} words={words}>
      <p class="buttons">
        <a class="button primary" href="/associate">
          {words.say('invitation.another')}
        </a>
      </p>
    </StatePage>
  );
  return { title, content };
}

const companyOf = ({ organisation }: Member) => organisation.value.name;
const portalOf = ({ organisation }: Member) => organisation.value.portal;
