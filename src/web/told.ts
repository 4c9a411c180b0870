/**
 * What a form came to, told on the page that it leads to: a form is answered with a redirect, so that loading that page
 * again sends nothing again. The browser carries it there, once.
 */
import type { Request, Response } from 'restify';
import type { WordKey, Words } from '../words/words.ts';
import type { Cookies } from './cookies.ts';

type ToldKey = Extract<WordKey, `told.${string}`>;

export interface Telling {
  readonly text: string;
  readonly isDone: boolean;
}

export interface Told {
  tell(response: Response, key: ToldKey, values?: Readonly<Record<string, string>>): void;
  /** What is to be told here; the browser forgets it. */
  read(request: Request, response: Response): Telling | undefined;
}

const cookie = 'told';
/** Seconds; a redirect takes less. */
const lasts = 60;
const longestValue = 200;

export function createTold(cookies: Cookies, words: Words): Told {
  return {
    tell(response, key, values = {}) {
      const short = Object.entries(values).map(([name, value]) => [name, value.slice(0, longestValue)]);
      cookies.set(response, cookie, Buffer.from(JSON.stringify([key, short])).toString('base64url'), lasts);
    },
    read(request, response) {
      const given = cookies.read(request, cookie);
      if (given === undefined) return undefined;
      cookies.clear(response, cookie);
      try {
        const [key, values] = JSON.parse(Buffer.from(given, 'base64url').toString()) as [ToldKey, [string, string][]];
        if (!/^told\.\w+$/.test(key)) return undefined;
        return { text: words.say(key, Object.fromEntries(values)), isDone: !key.startsWith('told.not') };
      } catch {
        return undefined;
      }
    },
  };
}
