/** Shows that the bot is at work when a turn takes longer than a blink: one timer per turn, so users do not disturb each other. */
import type { TurnContext } from 'botbuilder';

/** Below about half a second a person sees no delay; Bot Framework clients show one typing activity for about three seconds. */
const firstAfter = 500;
const again = 3000;

/** Starts sending typing activities; returns what ends it. A typing activity that cannot be sent never fails the turn. */
export function showTyping(context: TurnContext): () => void {
  if (context.activity.type !== 'message' || context.activity.deliveryMode === 'expectReplies') return () => {};
  const send = () => {
    context.sendActivities([{ type: 'typing' }]).catch(() => {});
  };
  let timer = setTimeout(() => {
    send();
    timer = setInterval(send, again);
  }, firstAfter);
  return () => clearTimeout(timer);
}
