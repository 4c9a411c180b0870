/**
 * What `work` comes to, or what `late` gives or throws where it is not done after `ms`; then it goes on behind that, and
 * nobody is told when it fails.
 */
export async function inTime<T>(work: Promise<T>, ms: number, late: () => T): Promise<T> {
  let callOff = () => {};
  const waited = new Promise<undefined>((resolve) => {
    // What came while this process had no time for it counts.
    const timer = setTimeout(() => setImmediate(resolve, undefined), ms);
    callOff = () => clearTimeout(timer);
  });
  try {
    const done = await Promise.race([work.then((result) => ({ result })), waited]);
    return done ? done.result : late();
  } finally {
    callOff();
  }
}
