/** Questions that are asked at the same moment go to the database together: a round trip costs more than an answer. */

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Most questions in one round trip. */
const most = 100;
/** Round trips at the same time; who comes while they are under way waits and goes along with the next. */
const atOnce = 2;

/** Gathers questions and asks them in one go. */
export class Together<Question, Answer> {
  readonly #askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  readonly #waiting: Waiting<Question, Answer>[] = [];
  #underWay = 0;
  #isDue = false;

  /** @param askAll - resolves with an answer for each question, in their order */
  constructor(askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#askAll = askAll;
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#begin();
    });
  }

  #begin(): void {
    if (this.#isDue || this.#underWay >= atOnce) return;
    this.#isDue = true;
    // Everybody of this turn of the event loop goes along.
    setImmediate(() => {
      this.#isDue = false;
      this.#next();
    });
  }

  #next(): void {
    const asked = this.#waiting.splice(0, most);
    if (asked.length === 0) return;
    this.#underWay += 1;
    this.#askAll(asked.map(({ question }) => question))
      .then(
        (answers) => {
          for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as Answer);
        },
        (error) => {
          for (const { reject } of asked) reject(error);
        },
      )
      .finally(() => {
        this.#underWay -= 1;
        this.#begin();
      });
  }
}
