import { expect } from 'chai';
import type { Guided, Step } from '../../src/dialogs/move.ts';
import { sentence } from '../../src/replies/reply.ts';
import { type DialogBench, openDialogBench } from '../support/dialog-bench.ts';
import { converse } from '../support/dialog-table.ts';

/** A dialog with a question of every kind, which counts how often its deed is done. */
function order(done: string[]): Guided {
  const what: Step = () => ({
    ask: {
      save: 'what',
      text: 'Tea or coffee?',
      choices: [
        { value: 'tea', title: 'Tea' },
        { value: 'coffee', title: 'Black coffee' },
      ],
      hints: ['First hint.', 'Second hint.', 'Third hint.'],
    },
  });
  const who: Step = () => ({ find: 'who', dialog: 'name', options: { title: 'guest' } });
  const where: Step = ({ what }) => ({
    ask: {
      save: 'where',
      text: `Where to with the ${what}?`,
      form: { inputs: [{ id: 'place', label: 'Place', kind: 'text', longest: 20 }], submit: 'Bring it' },
      hints: ['A place.', 'Any place.', 'One place.'],
      read: ({ text, form }) => {
        const place = form ? (form.get('place') ?? '') : text;
        if (place === 'moon') return { problem: 'That is too far.' };
        return place.startsWith('room ') ? { value: place } : undefined;
      },
    },
  });
  const code: Step = ({ where: place }) => ({
    ask: {
      save: 'code',
      secret: true,
      text: `The code of ${place}?`,
      hints: ['Digits.', 'Two digits.', 'Digits only.'],
      read: ({ text }) => {
        if (text === '42') return { value: true };
        return /^\d+$/.test(text) ? { problem: 'Wrong.', isCounted: true } : undefined;
      },
    },
  });
  const bring: Step = (answers) => {
    if (answers.where === 'room 13') return { again: where, because: 'There is no room 13.' };
    done.push(JSON.stringify(answers));
    return { end: sentence('It is on its way.'), receipt: 'It is on its way.' };
  };
  return {
    name: 'order',
    steps: [what, who, where, code, bring],
    help: 'I take orders.',
    cancelled: ({ what: chosen }) => (chosen ? `No ${chosen} then.` : 'Nothing ordered.'),
    facts: ({ what: chosen }) => [{ label: 'Drink', value: String(chosen) }],
  };
}

const name: Guided = {
  name: 'name',
  steps: [
    ({ title }) => ({
      ask: {
        save: 'name',
        text: `Your name, ${title}?`,
        choices: [{ value: 'none', title: 'No name' }],
        hints: ['Letters.', 'Some letters.', 'Only letters.'],
        read: ({ text }) => (/^[a-z]+$/i.test(text) ? { value: text } : undefined),
      },
    }),
    ({ name: said }) => ({ end: undefined, result: said === 'none' ? undefined : said }),
  ],
  help: '',
  cancelled: () => '',
};

describe('a guided dialog', () => {
  let ordering: Guided;
  let bench: DialogBench;
  const done: string[] = [];
  let people = 0;
  const newChat = () => bench.chat(`person-${++people}`);
  before(async () => {
    ordering = order(done);
    bench = await openDialogBench({ more: [ordering, name] });
  });
  after(() => bench.close());
  beforeEach(() => {
    done.length = 0;
  });

  it('asks one question at a time and can be done by typing alone', async () => {
    await converse(newChat(), [
      ['order', ['Tea or coffee?', '1. Tea', '2. Black coffee']],
      ['black coffee!', 'Your name, guest?'],
      ['Kim', 'Where to with the coffee?'],
      ['room 7', 'The code of room 7?'],
      ['42', 'It is on its way.'],
    ]);
    expect(done).to.deep.equal(['{"what":"coffee","who":"Kim","where":"room 7","code":true}']);
  });

  it('can be done by its cards alone', async () => {
    const chat = newChat();
    await chat.say('/order');
    await chat.press('Tea');
    await chat.say('Kim');
    expect(await chat.press('Bring it', { place: 'room 1' })).to.include('The code of room 1?');
  });

  it('is begun by its name, a slash before it or not', async () => {
    for (const text of ['order', '/order', 'Order']) expect(await newChat().say(text)).to.include('Tea or coffee?');
  });

  it('takes a choice by its number', async () => {
    await converse(newChat(), [
      ['order', '2. Black coffee'],
      ['2.', 'Your name'],
      ['1', /^$/],
    ]);
  });

  it('ends without a word when what it asked another dialog for is not to be had', async () => {
    await converse(newChat(), [
      ['order', 'Tea'],
      ['1', 'Your name'],
      ['no name', /^$/],
      ['cancel', 'There is nothing to cancel.'],
    ]);
  });

  it('gives three different hints, then a person, with what it had found out', async () => {
    await converse(newChat(), [
      ['order', 'Tea'],
      ['1', 'Your name'],
      ['7', 'Letters.'],
      ['8', 'Some letters.'],
      ['9', ['Only letters.', 'Your name, guest?']],
      ['9', ['so here is a person', 'What should the person know?']],
      ['I want tea', 'Your request has the number #100'],
    ]);
    expect(bench.handedOver.at(-1)?.facts).to.deep.equal([{ label: 'Drink', value: 'tea' }]);
  });

  it('says what is wrong with an answer that it can read', async () => {
    await converse(newChat(), [
      ['order', 'Tea'],
      ['tea', 'Your name'],
      ['Kim', 'Where to'],
      ['moon', ['That is too far.', 'Where to with the tea?']],
      ['room 13', 'The code'],
      ['42', ['There is no room 13.', 'Where to with the tea?']],
    ]);
    expect(done).to.deep.equal([]);
  });

  it('answers a question asked in the middle and asks its own again', async () => {
    await converse(newChat(), [
      ['order', 'Tea'],
      ['What does CustomerSource offer?', ['self-help tools', 'Tea or coffee?']],
      ['show my profiles', ['in the middle of something else', 'Tea or coffee?']],
      ['1', 'Your name'],
    ]);
  });

  it('takes yes, thanks and the like for no question in the middle', async () => {
    for (const word of ['yes', 'no', 'sure', 'thanks', 'hello']) {
      await converse(newChat(), [
        ['order', 'Tea'],
        ['1', 'Your name'],
        ['Kim', 'Where to with the tea?'],
        [word, /^A place\./],
      ]);
    }
  });

  it('takes cancel, help and back as whole messages at any prompt', async () => {
    await converse(newChat(), [
      ['order', 'Tea'],
      ['back', ['This is the first question', 'Tea or coffee?']],
      ['help', ['I take orders.', 'Tea or coffee?']],
      ['1', 'Your name'],
      ['back', 'Tea or coffee?'],
      ['2', 'Your name'],
      ['Kim', 'Where to with the coffee?'],
      ['room 1', 'The code'],
      ['back', 'Where to with the coffee?'],
      ['back', 'Tea or coffee?'],
      ['i cancel nothing', 'First hint.'],
      ['1', 'Your name'],
      ['cancel', 'No tea then.'],
      ['cancel', 'There is nothing to cancel.'],
    ]);
  });

  it('hands over to a person at any prompt', async () => {
    await converse(newChat(), [
      ['order', 'Tea'],
      ['1', 'Your name'],
      ['person', 'What should the person know?'],
      ['It is cold', '#100'],
    ]);
    expect(bench.handedOver.at(-1)?.facts).to.deep.equal([{ label: 'Drink', value: 'tea' }]);
  });

  it('ends after half an hour without a word, and says so', async () => {
    const chat = newChat();
    await chat.say('order');
    bench.rooms.pass(29 * 60_000);
    await chat.say('1');
    bench.rooms.pass(30 * 60_000);
    await converse(chat, [
      ['Kim', 'You had not answered for half an hour'],
      ['Kim', /^(?!.*Where to)/],
    ]);
  });

  it('says so by itself when the half hour is over, once, after a restart too', async () => {
    const chat = newChat();
    const told = async () =>
      (await bench.lookAtWaiting()).filter(({ conversation }) => conversation.endsWith(chat.name));
    await chat.say('order');
    bench.rooms.pass(29 * 60_000);
    await chat.say('1');
    bench.rooms.pass(60_000);
    expect(await told()).to.deep.equal([]);
    await bench.restart();
    bench.rooms.pass(28 * 60_000);
    expect(await told()).to.deep.equal([]);
    bench.rooms.pass(60_000);
    const [once, ...more] = await told();
    expect(once?.text).to.include('You had not answered for half an hour');
    expect([more, await told()]).to.deep.equal([[], []]);
    expect(await chat.say('Kim'))
      .not.to.include('half an hour')
      .and.not.to.include('Where to');
  });

  it('ends where the server has other steps for it by now, and says so', async () => {
    const chat = newChat();
    await chat.say('order');
    const steps = ordering.steps as Step[];
    const last = steps.pop() as Step;
    await bench.restart();
    try {
      await converse(chat, [['1', 'cannot go on after an update of mine']]);
    } finally {
      steps.push(last);
      await bench.restart();
    }
  });

  it('says nothing by itself of a dialog that has ended', async () => {
    const chat = newChat();
    await chat.say('order');
    await chat.say('cancel');
    bench.rooms.pass(40 * 60_000);
    const told = await bench.lookAtWaiting();
    expect(told.filter(({ conversation }) => conversation.endsWith(chat.name))).to.deep.equal([]);
  });

  it('goes on after a restart as if there had been none', async () => {
    const chat = newChat();
    await chat.say('order');
    await chat.say('1');
    await bench.restart();
    await chat.say('Kim');
    await bench.restart();
    await converse(chat, [
      ['room 7', 'The code'],
      ['42', 'It is on its way.'],
    ]);
    expect(done).to.have.length(1);
  });

  it('acts once on a card that is pressed twice, and tells what became of it', async () => {
    const chat = newChat();
    await chat.say('order');
    const tea = chat.data('Tea');
    await chat.submit(tea);
    expect(await chat.submit(tea)).to.include('This card is out of date');
    await converse(chat, [
      ['Kim', 'Where to with the tea?'],
      ['room 7', 'The code'],
      ['42', 'It is on its way.'],
    ]);
    expect(await chat.submit(tea)).to.equal('This was done already. It is on its way.');
    // Who looks at an old card need not be who could see then what it tells.
    bench.rooms.pass(60_000);
    expect(await chat.submit(tea)).to.equal('This was done already.');
    expect(done).to.have.length(1);
  });

  it('says nothing twice to an activity that comes twice', async () => {
    const chat = newChat();
    await chat.say('order');
    const first = await chat.say('1', { id: 'same' });
    expect(await chat.say('1', { id: 'same' })).to.equal(first);
    expect(await chat.say('Kim')).to.include('Where to');
  });

  it('refuses card data that is not what the card holds', async () => {
    const chat = newChat();
    await chat.say('order');
    const nonce = (chat.data('Tea') as { nonce: string }).nonce;
    const bad: unknown[] = [
      { verb: 'dialog' },
      { verb: 'dialog', nonce: [nonce], choice: 'tea' },
      { verb: 'dialog', nonce: { toString: nonce }, choice: 'tea' },
      { verb: 'dialog', nonce: 'x'.repeat(101) },
      { verb: 'dialog', nonce: '__proto__', choice: 'tea' },
      JSON.parse(`{"verb":"dialog","__proto__":{"nonce":"${nonce}"}}`),
    ];
    for (const value of bad)
      expect(await chat.submit(value), JSON.stringify(value)).to.match(/out of date|no longer works/);
    for (const choice of ['milk', ['tea'], { tea: 1 }, 1, '__proto__', 'constructor', null]) {
      await chat.say('cancel');
      await chat.say('order');
      const data = chat.data('Tea') as object;
      expect(await chat.submit({ ...data, choice }), JSON.stringify(choice)).to.include('First hint.');
    }
    await chat.say('cancel');
    await chat.say('order');
    const more = { ...(chat.data('Tea') as object), extra: 'x', what: 'coffee', toString: 'x' };
    expect(await chat.submit(more)).to.include('Your name');
    expect(await chat.say('Kim')).to.include('Where to with the tea?');
    expect(await chat.press('Bring it', { place: ['room 1'] })).to.include('A place.');
    expect(({} as Record<string, unknown>).nonce).to.equal(undefined);
  });

  it('knows no card of another conversation', async () => {
    const [chat, other] = [newChat(), newChat()];
    await chat.say('order');
    await other.say('order');
    expect(await other.submit(chat.data('Tea'))).to.include('out of date');
    expect(await other.say('2')).to.include('Your name');
  });

  it('is one person’s, where several share a conversation', async () => {
    const [one, other] = [bench.chat('ann', 'team'), bench.chat('ben', 'team')];
    await one.say('order');
    const tea = one.data('Tea');
    expect(await other.submit(tea)).to.include('for somebody else');
    expect(await other.say('order')).to.include('Somebody else in this conversation');
    expect(await other.say('cancel')).to.include('nothing to cancel');
    expect(await other.say('1')).not.to.include('Your name');
    expect(await one.submit(tea)).to.include('Your name');
  });

  it('keeps no code, wherever it is typed', async () => {
    const chat = newChat();
    await converse(chat, [
      ['order', 'Tea'],
      ['1', 'Your name'],
      ['Kim', 'Where to'],
      ['room 7', 'The code'],
      ['its 987654 I think', 'Digits.'],
      ['41414141', 'Wrong.'],
      ['41414141', 'Wrong.'],
      ['41414141', 'Wrong.'],
      ['41414141', 'Wrong.'],
      ['cancel', 'No tea then.'],
      ['1234 5678', 'That looks like a code'],
      ['order', 'Tea'],
      ['123456', ['That looks like a code', 'Tea or coffee?']],
    ]);
    await chat.say('1');
    await chat.say('Kim');
    await chat.say('room 7');
    bench.rooms.pass(31 * 60_000);
    await chat.say('code 77 665544');
    const kept = await bench.kept(chat.name);
    expect(kept).to.include('[code]');
    expect(kept).not.to.match(/987654|4141|1234|5678|123456|665544/);
  });

  it('says so when it is one that this server does not know', async () => {
    const chat = newChat();
    await chat.say('order');
    const key = `test/bot/conversations/${chat.name}`;
    const state = (await bench.rooms.turns.readState([key])).get(key) as { dialogs: { dialogStack: { id: string }[] } };
    for (const one of state.dialogs.dialogStack) one.id = 'of-a-newer-version';
    await bench.rooms.turns.commit({
      conversation: `test/${chat.name}`,
      person: `test/${chat.name}`,
      at: bench.rooms.now().toISOString(),
      lines: [],
      state: new Map([[key, state]]),
      votes: [],
      welcomed: [],
    });
    await converse(chat, [
      ['1', 'cannot go on after an update'],
      ['order', 'Tea or coffee?'],
    ]);
  });
});
