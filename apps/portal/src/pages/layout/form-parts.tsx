import type { ComponentChildren, VNode } from 'preact';
import type { FormFault } from '../hub-resources.ts';
import type { PageUser } from '../page-request.ts';

/** What stands in the fields of a form, by name: what a person wrote before, or what the page fills in. */
export type Written = Readonly<Record<string, string>>;

interface FormProps {
  readonly user: PageUser;
  readonly action: string;
  /** One per form that is shown: sent twice, by two clicks or by going back, it is one form. */
  readonly formKey?: string;
  readonly label?: string;
  /** What is written is kept in the browser's tab until it is sent (assets/bryggan.js). */
  readonly draft?: boolean;
  /** How it is laid out; by default its fields stand under each other. */
  readonly className?: string;
  /** Its handler takes files too (`SendsFiles`). */
  readonly sendsFiles?: boolean;
  readonly children: ComponentChildren;
}

/** Says that what was sent has been taken. */
export function Done({ children }: { readonly children: ComponentChildren }): VNode {
  return (
    <p class="ds-alert" data-color="success" role="status">
      {children}
    </p>
  );
}

/** A form that this session made (page-guard.ts takes no other). */
export function PageForm(props: FormProps): VNode {
  const { user, action, formKey, label, draft, className, sendsFiles, children } = props;
  return (
    <form
      method="post"
      action={action}
      encType={sendsFiles ? 'multipart/form-data' : undefined}
      aria-label={label}
      class={className ?? 'page-form'}
      data-draft={draft ? user.subject : undefined}
    >
      <input type="hidden" name="form" value={user.session.formToken} />
      {formKey !== undefined && <input type="hidden" name="nyckel" value={formKey} />}
      {children}
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly written: Written;
  readonly required?: boolean;
  /** Sets ids apart where a page has several forms. */
  readonly form: string;
}

interface InputProps extends FieldProps {
  readonly type?: 'text' | 'date' | 'datetime-local' | 'tel' | 'url';
  readonly autocomplete?: string;
  readonly inputMode?: 'numeric' | 'tel';
  readonly size?: number;
  readonly pattern?: string;
}

interface LabelledProps extends Pick<FieldProps, 'label' | 'hint'> {
  readonly id: string;
  readonly children: ComponentChildren;
}

const hintOf = (id: string, hint: string | undefined): string | undefined =>
  hint === undefined ? undefined : `${id}-hint`;

/** A field under its label and hint; the field itself names the hint (`hintOf`), for who does not see that it stands there. */
function Labelled({ id, label, hint, children }: LabelledProps): VNode {
  return (
    <div class="ds-field">
      <label class="ds-label" for={id}>
        {label}
      </label>
      {hint !== undefined && (
        <p id={hintOf(id, hint)} data-field="description">
          {hint}
        </p>
      )}
      {children}
    </div>
  );
}

/** One line of text. */
export function Field({ name, label, hint, written, required, form, type = 'text', ...more }: InputProps): VNode {
  const id = `${form}-${name}`;
  return (
    <Labelled {...{ id, label, hint }}>
      <input
        {...({ type } as { type: 'text' })}
        class="ds-input"
        id={id}
        name={name}
        value={written[name] ?? ''}
        required={required}
        aria-describedby={hintOf(id, hint)}
        autocomplete={more.autocomplete ?? 'off'}
        inputMode={more.inputMode}
        size={more.size}
        pattern={more.pattern}
      />
    </Labelled>
  );
}

/** Several lines of text. */
export function LongField({ name, label, hint, written, required, form }: FieldProps): VNode {
  const id = `${form}-${name}`;
  return (
    <Labelled {...{ id, label, hint }}>
      <textarea
        class="ds-input"
        id={id}
        name={name}
        rows={4}
        maxLength={3500}
        required={required}
        aria-describedby={hintOf(id, hint)}
      >
        {written[name] ?? ''}
      </textarea>
    </Labelled>
  );
}

export type Option = readonly [value: string, text: string];

interface SelectProps extends FieldProps {
  readonly options: readonly Option[];
  /** First line that chooses nothing. */
  readonly none?: string;
}

/** One of many. */
export function Select({ name, label, hint, written, required, form, options, none }: SelectProps): VNode {
  const id = `${form}-${name}`;
  return (
    <Labelled {...{ id, label, hint }}>
      <select class="ds-input" id={id} name={name} required={required} aria-describedby={hintOf(id, hint)}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map(([value, text]) => (
          <option key={value} value={value} selected={written[name] === value}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface ChoiceProps extends SelectProps {
  /** `checkbox`: several, joined by a space in `written`. */
  readonly type: 'radio' | 'checkbox';
}

/** One of few, or several of few, all of them in sight. */
export function Choice({ name, label, hint, written, required, options, type }: ChoiceProps): VNode {
  const chosen = new Set((written[name] ?? '').split(' '));
  return (
    <fieldset class="ds-fieldset">
      <legend class="ds-label">{label}</legend>
      {hint !== undefined && <p data-field="description">{hint}</p>}
      <div class="choice-row">
        {options.map(([value, text]) => (
          <label key={value} class="choice">
            <input
              class="ds-input"
              type={type}
              name={name}
              value={value}
              checked={chosen.has(value)}
              required={type === 'radio' ? required : undefined}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The button that sends. */
export function Send({ text, variant }: { readonly text: string; readonly variant?: 'secondary' | 'tertiary' }): VNode {
  return (
    <button class="ds-button" type="submit" data-variant={variant} data-size="sm">
      {text}
    </button>
  );
}

/** All that is wrong, said at once and first (WCAG 3.3.1). */
export function Faults({ faults }: { readonly faults: readonly FormFault[] }): VNode | null {
  if (faults.length === 0) return null;
  return (
    <div class="ds-alert" data-color="danger" role="alert">
      <p>
        <strong>Det gick inte att sända.</strong>
      </p>
      <ul>
        {faults.map(({ code, text, place }) => (
          <li key={`${code} ${place ?? ''}`}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

/** The fields of a form that was sent, so that nothing that was written is lost when it is shown again. */
export function writtenIn(form: URLSearchParams): Written {
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name).join(' ')]));
}
