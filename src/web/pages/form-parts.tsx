/** What forms and their results are made of: a field with its hint and error, a bar that says what became of it. */
import type { ComponentChildren } from 'preact';
import type { Words } from '../../words/words.ts';
import type { Telling } from '../told.ts';
import { Icon } from './icons.tsx';

export interface FieldContent {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string;
  readonly value: string;
  readonly type?: 'text' | 'email';
  readonly inputMode?: 'numeric';
  readonly autocomplete?: string;
  /** Lines; one that has them is a box. */
  readonly rows?: number;
}

/** Label, hint, error, field, in this order, as they are read out. */
export function Field({
  id,
  name,
  label,
  hint,
  error,
  value,
  type = 'text',
  inputMode,
  autocomplete = 'off',
  rows,
}: FieldContent) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const shared = {
    id,
    name,
    'aria-describedby': described,
    'aria-invalid': error ? true : undefined,
    autocomplete,
    spellcheck: false,
    autocapitalize: 'none',
  } as const;
  return (
    <>
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`} role="alert">
          <Icon name="note" />
          <span>{error}</span>
        </p>
      )}
      {rows ? (
        <textarea {...shared} rows={rows} value={value} />
      ) : (
        <input {...shared} type={type as 'text'} inputMode={inputMode} value={value} />
      )}
    </>
  );
}

export function ToldBar({ told }: { readonly told: Telling | undefined }) {
  if (!told) return null;
  return (
    <div class={told.isDone ? 'bar done' : 'bar wrong'} role={told.isDone ? 'status' : 'alert'}>
      <Icon name={told.isDone ? 'done' : 'note'} />
      <div>
        <bdi>{told.text}</bdi>
      </div>
    </div>
  );
}

/** Above a form that is filled in as it was before somebody had to sign in again. */
export function KeptBar({ words }: { readonly words: Words }) {
  return (
    <div class="bar" role="status">
      <Icon name="note" />
      <div>
        <strong>{words.say('form.notSent')}</strong> {words.say('form.kept')}
      </div>
    </div>
  );
}

/** One press, one change. */
export function Press({ action, csrf, label, kind, hidden, children }: PressContent) {
  return (
    <form method="post" action={action} class="press">
      <input type="hidden" name="csrf" value={csrf} />
      {Object.entries(hidden ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <button type="submit" class={kind ? `button ${kind}` : 'button'}>
        {label}
      </button>
    </form>
  );
}

export interface PressContent {
  readonly action: string;
  readonly csrf: string;
  readonly label: ComponentChildren;
  readonly kind?: 'primary' | 'danger';
  readonly hidden?: Readonly<Record<string, string>>;
  readonly children?: ComponentChildren;
}
