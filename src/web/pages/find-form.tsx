/** A search field with its button, on pages of staff. */

export interface FindFormContent {
  /** Where it is asked. */
  readonly action: string;
  /** What was searched for last. */
  readonly text: string;
  /** What can be searched for, as the field's name and in it. */
  readonly label: string;
  readonly button: string;
}

export function FindForm({ action, text, label, button }: FindFormContent) {
  return (
    <search>
      <form class="find" action={action}>
        <input
          type="search"
          class="field"
          name="q"
          value={text}
          maxLength={200}
          aria-label={label}
          placeholder={label}
        />
        <button type="submit" class="button">
          {button}
        </button>
      </form>
    </search>
  );
}
