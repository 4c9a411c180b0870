/** Teams waits 15 seconds for an answer and then sends everything again: what takes longer goes on behind the answer. */

/** What `work` comes to, or `late` where it is not done after `ms`; `afterwards` is told when it fails then. */
export async function inTime<T>(
  work: Promise<T>,
  ms: number,
  late: () => T,
  afterwards: (error: unknown) => void,
): Promise<T> {
  let isLate = false;
  let callOff = () => {};
  const waited = new Promise<T>((resolve) => {
    const timer = setTimeout(() => {
      isLate = true;
      resolve(late());
    }, ms);
    callOff = () => clearTimeout(timer);
  });
  work.catch((error) => {
    if (isLate) afterwards(error);
  });
  try {
    return await Promise.race([work, waited]);
  } finally {
    callOff();
  }
}
