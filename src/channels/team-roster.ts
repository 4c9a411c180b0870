/**
 * Who is in the team of staff: from the connector's roster, by tenant and object id, never by name. What it says counts for
 * a minute at most; where it cannot be asked nobody is let in.
 */
import type { ConnectorClient } from 'botframework-connector';

export interface RosterPlace {
  readonly serviceUrl: string;
  /** Of the team. */
  readonly team: string;
}

interface Account {
  readonly name?: string;
  readonly aadObjectId?: string;
  readonly objectId?: string;
  readonly tenantId?: string;
  readonly userRole?: string;
  readonly userPrincipalName?: string;
}

const lasts = 60_000;
const pageSize = 200;
/** Of a team; Teams itself has 25,000. */
const mostPages = 200;

export class TeamRoster {
  readonly #connector: (serviceUrl: string) => Promise<ConnectorClient>;
  readonly #now: () => Date;
  #kept: { team: string; at: number; members: ReadonlyMap<string, string> } | undefined;
  #asking: { team: string; members: Promise<ReadonlyMap<string, string>> } | undefined;

  constructor(connector: (serviceUrl: string) => Promise<ConnectorClient>, now: () => Date) {
    this.#connector = connector;
    this.#now = now;
  }

  /**
   * The name of a member; undefined for everybody else, guests among them. Rejects where the roster cannot be asked.
   * @param id - `tenant/objectId`
   */
  async nameOf(place: RosterPlace, id: string): Promise<string | undefined> {
    if (this.#kept?.team === place.team && this.#isFresh()) return this.#kept.members.get(id);
    if (this.#asking?.team !== place.team) {
      const members = this.#ask(place).finally(() => {
        this.#asking = undefined;
      });
      this.#asking = { team: place.team, members };
    }
    return (await this.#asking.members).get(id);
  }

  /** Whether the roster said so within the last minute. */
  isMember(id: string): boolean {
    return this.#isFresh() && (this.#kept?.members.has(id) ?? false);
  }

  /** Somebody joined or left. */
  forget(): void {
    this.#kept = undefined;
  }

  #isFresh(): boolean {
    return this.#kept !== undefined && this.#now().getTime() - this.#kept.at < lasts;
  }

  async #ask({ serviceUrl, team }: RosterPlace): Promise<ReadonlyMap<string, string>> {
    const at = this.#now().getTime();
    const { conversations } = await this.#connector(serviceUrl);
    const members = new Map<string, string>();
    let continuationToken: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const asked = { pageSize, ...(continuationToken && { continuationToken }) };
      const found = await conversations.getConversationPagedMembers(team, asked as never);
      for (const account of (found.members ?? []) as Account[]) {
        const { aadObjectId, objectId = aadObjectId, tenantId, userRole, userPrincipalName = '', name = '' } = account;
        const isGuest = userRole === 'guest' || userPrincipalName.includes('#EXT#');
        if (objectId && tenantId && !isGuest) members.set(`${tenantId}/${objectId}`.toLowerCase(), name || objectId);
      }
      continuationToken = found.continuationToken || undefined;
      if (!continuationToken) break;
    }
    this.#kept = { team, at, members };
    return members;
  }
}
