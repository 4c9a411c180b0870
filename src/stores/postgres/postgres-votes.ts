/** The votes' side of the PostgreSQL store. */
import type { Vote, VoteStore } from '../../usage/votes.ts';
import type { Database, Statement } from './database.ts';
import { sqlKey } from './sql-key.ts';

const find: Statement = { name: 'find_vote', text: 'SELECT document FROM votes WHERE conversation = $1 AND line = $2' };
const list: Statement = { name: 'list_votes', text: 'SELECT document FROM votes ORDER BY at, born' };

/** `VoteStore` over PostgreSQL; votes are written with the turn that cast them. */
export class PostgresVotes implements VoteStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(conversation: string, line: string): Promise<Vote | undefined> {
    const [row] = await this.#database.query(find, [sqlKey(conversation), sqlKey(line)]);
    return row?.document;
  }

  async list(): Promise<readonly Vote[]> {
    return (await this.#database.query(list)).map(({ document }) => document);
  }
}
