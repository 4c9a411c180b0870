/** One turn at a time per conversation where several processes share a store; within one process the queue sees to it. */
export interface ConversationLock {
  /**
   * Runs `work` while no other process has the conversation.
   * @throws AccessDeskError `ERR_CONVERSATION_BUSY` when another one has it for too long; `work` is then not run
   */
  hold<T>(conversation: string, work: () => Promise<T>): Promise<T>;
}
