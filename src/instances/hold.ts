/** Runs work that only one of several processes may be at. Rejects with `ERR_CONVERSATION_BUSY` where another takes too long. */
export type Hold = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** Where there is one process, which sees to it itself. */
export const holdAlone: Hold = (_, work) => work();
