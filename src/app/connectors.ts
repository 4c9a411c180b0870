/** How conversations of Bot Framework's channels are reached, and what of Teams is asked. */
import { BotAdapter } from '../channels/bot-adapter.ts';
import { directLineChannel } from '../channels/direct-line/direct-line.ts';
import { Proactive } from '../channels/proactive.ts';
import { References } from '../channels/references.ts';
import { serviceHostRule } from '../channels/service-hosts.ts';
import { TeamRoster } from '../channels/team-roster.ts';
import { TeamsPeople } from '../channels/teams-people.ts';
import type { Base } from './base.ts';
import { wakeAfter } from './surroundings.ts';

export type Connectors = ReturnType<typeof joinConnectors>;

export function joinConnectors({ config, surroundings, records, now }: Base) {
  const { MicrosoftAppId } = config.channels.botFramework;
  const allowsService = serviceHostRule(MicrosoftAppId !== '', config.channels.serviceHosts);
  const adapter = new BotAdapter(config.channels.botFramework, surroundings.sendTimeout, surroundings.botFramework);
  const teamRoster = new TeamRoster((serviceUrl) => adapter.connector(serviceUrl), now);
  const ownChannels = config.channels.directLineSecret ? [] : [directLineChannel];
  const references = new References(records, now);
  const proactive = new Proactive(adapter, allowsService);
  const teamsPeople = new TeamsPeople((serviceUrl) => adapter.connector(serviceUrl), now, wakeAfter);
  return { adapter, allowsService, teamRoster, ownChannels, references, proactive, teamsPeople };
}
