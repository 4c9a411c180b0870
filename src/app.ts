/** Builds every part and joins them, room by room in app/. index.ts runs it, tests run it with other clocks. */
import { openBase } from './app/base.ts';
import { joinConnectors } from './app/connectors.ts';
import { type Conversation, joinConversation } from './app/conversation.ts';
import { joinDesk, type SupportDesk } from './app/desk.ts';
import { joinPeople } from './app/people.ts';
import { joinSite, type Site } from './app/site.ts';
import type { Closers, Surroundings } from './app/surroundings.ts';
import { joinUpkeep } from './app/upkeep.ts';
import { lookIn } from './channels/look-in.ts';
import type { Config } from './config.ts';
import type { Desk } from './tickets/desk.ts';
import { listen } from './web/server.ts';
import type { SignIn } from './web/sign-in/sign-in.ts';

export type { Surroundings } from './app/surroundings.ts';

export interface App {
  /** Whom one can sign in as; empty where a real provider is set. */
  readonly sampleAccounts: SignIn['sampleAccounts'];
  /** The support desk: bot and inbox act through it. */
  readonly desk: Desk;
  /** Listens; resolves with the port. */
  listen(): Promise<number>;
  /** Makes now what the first question would wait for: some tenths of a second. Many a test asks none. */
  prepare(): void;
  /** Ends the turns that were begun, then closes everything. Nothing acknowledged is lost. */
  close(): Promise<void>;
}

/** Rejects with an AccessDeskError that says what to do when a part cannot be built; parts built until then are closed. */
export async function createApp(config: Config, surroundings: Surroundings): Promise<App> {
  const closers: Closers = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const base = await openBase(config, surroundings, closers);
    const people = await joinPeople(base);
    const connectors = joinConnectors(base);
    // Two rooms need what is made after them: staff speak in conversations, and a turn may be run without anybody speaking.
    const support: SupportDesk = await joinDesk(base, people, connectors, (line) => conversation.bot.add(line));
    const conversation: Conversation = joinConversation(base, people, connectors, support, (looked) =>
      lookIn({ ...connectors, bot: conversation.bot, directLine: site.directLine })(looked),
    );
    const site: Site = joinSite(base, people, connectors, support, conversation);
    await joinUpkeep(base, people, connectors, support, conversation, site);
    return {
      sampleAccounts: people.signIn.sampleAccounts,
      desk: support.desk,
      listen: () => listen(site.server, config.web.port, config.web.host),
      prepare: () => base.knowledge().prepare(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
