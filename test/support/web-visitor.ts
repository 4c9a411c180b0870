/** A browser as far as cookies, links and forms go: what pages answer, without waiting for Chromium. */
export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly text: string;
  readonly headers: Headers;
}

export class WebVisitor {
  /** Name to value, of those for all paths. */
  readonly cookies = new Map<string, string>();
  /** Those for one path, by path and name. */
  readonly #below = new Map<string, { path: string; pair: string }>();
  /** All that servers wanted set, attributes included. */
  readonly setCookies: string[] = [];

  /** @param publicUrl - what the server calls itself, when that is not where it is reached */
  constructor(
    readonly url: string,
    private readonly publicUrl = url,
  ) {}

  /** Asks for a path or an address; redirects are left to the caller. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(path, { headers });
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  /** Follows redirects from an answer until there is a page, or an address that `stopsAt` begins. */
  async follow(answer: Answer, stopsAt = '\n'): Promise<Answer> {
    let current = answer;
    while (current.location && !current.location.startsWith(stopsAt)) current = await this.get(current.location);
    return current;
  }

  /** Presses the button of /sign-in; the answer leads to the provider. */
  async beginSignIn(returnTo = '/', more: Record<string, string> = {}): Promise<Answer> {
    const query = new URLSearchParams({ return: returnTo, ...more });
    const page = await this.get(`/sign-in?${query}`);
    return this.post('/sign-in', { csrf: csrfOf(page), return: returnTo, ...more });
  }

  /** Goes through the sample sign-in until the answer of our callback. @param name - for the subject `other` */
  async signInAs(subject: string, returnTo = '/', more: Record<string, string> = {}, name = ''): Promise<Answer> {
    const callback = await this.chooseSample(await this.beginSignIn(returnTo, more), subject, name);
    return this.get(callback);
  }

  /** From the redirect to the sample provider to the address it sends the browser back to. */
  async chooseSample(begun: Answer, subject: string, name = ''): Promise<string> {
    const interaction = await this.get(begun.location);
    const page = await this.get(interaction.location);
    const chosen = await this.post(interaction.location, { csrf: csrfOf(page), account: subject, name });
    return (await this.get(chosen.location)).location;
  }

  async #ask(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Answer> {
    const address = path.startsWith('/') ? this.url + path : path.replace(this.publicUrl, this.url);
    const { pathname } = new URL(address);
    const below = [...this.#below.values()].filter(({ path: only }) => `${pathname}/`.startsWith(`${only}/`));
    const cookie = [...below.map(({ pair }) => pair), ...Array.from(this.cookies, (pair) => pair.join('='))].join('; ');
    const headers = { accept: 'text/html', ...(cookie && { cookie }), ...init.headers };
    const response = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      this.setCookies.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const only = /;\s*path=([^;]+)/i.exec(line)?.[1] ?? '/';
      if (only !== '/') this.#below.set(`${only} ${name}`, { path: only, pair: `${name}=${value}` });
      else if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = response.headers.get('location') ?? '';
    return { status: response.status, location, text: await response.text(), headers: response.headers };
  }
}

/** The token of the first form on a page. */
export function csrfOf({ text }: Answer): string {
  return /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

/** What the first form on a page says to be done once by. */
export function nonceOf({ text }: Answer): string {
  return /name="nonce" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

/** The name in the header of a page; undefined where nobody is signed in. */
export function nameOn({ text }: Answer): string | undefined {
  return />Account of ([^<]+)</.exec(text)?.[1];
}
