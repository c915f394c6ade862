import { useId, useLayoutEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import {
  Form as AriaForm,
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup as AriaRadioGroup,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea,
  TextField as AriaTextField,
  type CheckboxProps,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';
import { ApiError } from '@/api/client';
import { texts } from '@/texts';
import { Button } from './button';
import { Icon } from './icons';
import { Notice, sentence } from './states';

interface FormProps {
  /** Named fields by their `name`, trimmed texts only where the method trims. */
  onSubmit: (data: FormData) => void;
  /** The failed call; each sentence stands at the field of its name, the others above the form. */
  error?: unknown;
  /** Names of the server's fields that stand at another field of the form. */
  aliases?: Record<string, string>;
  /** Names whose sentence the caller shows itself, by `fieldSentence`. */
  shownElsewhere?: readonly string[];
  className?: string;
  /** The page's heading, where the form is all of it. */
  title?: string;
  children: ReactNode;
}

/** A form that shows the server's sentences next to their fields. */
export function Form({ onSubmit, error, aliases = {}, shownElsewhere = [], className = 'stack', title, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [own, setOwn] = useState<Record<string, string>>({});
  const [general, setGeneral] = useState<string[]>([]);
  const [named, setNamed] = useState<Record<string, string>>({});

  useLayoutEffect(() => {
    const there = new Set(Array.from(form.current?.elements ?? [], (element) => (element as HTMLInputElement).name));
    const [fields, rest]: [Record<string, string>, string[]] = [{}, []];
    const failures = error instanceof ApiError ? error.failures : error ? [{ code: 0, msg: sentence(error), field: undefined }] : [];
    for (const { field, msg } of failures) {
      const name = field && (aliases[field] ?? field);
      if (name && shownElsewhere.includes(name)) continue;
      if (name && there.has(name)) fields[name] ??= msg.replaceAll(`'${field}'`, labelOf(form.current, name));
      else rest.push(msg);
    }
    setNamed(fields);
    setGeneral(rest);
    // The two maps are literals at most callers.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [error]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const missing: Record<string, string> = {};
    for (const element of event.currentTarget.elements) {
      const input = element as HTMLInputElement;
      const required = input.required || input.getAttribute('aria-required') === 'true';
      if (input.name && required && !input.value) missing[input.name] = texts.common.required(input.labels?.[0]?.firstChild?.textContent?.trim() ?? input.name);
    }
    setOwn(missing);
    const first = Object.keys(missing)[0];
    if (first) return (event.currentTarget.elements.namedItem(first) as HTMLElement | null)?.focus();
    setNamed({});
    setGeneral([]);
    onSubmit(new FormData(event.currentTarget));
  };

  // A sentence goes as soon as its field is changed, not when the field is left: the form would move from under the pointer.
  // By React's event, because a state that is set before it would put the old text back into the field.
  const changed = (event: FormEvent<HTMLElement>) => {
    const { name } = event.target as HTMLInputElement;
    const without = (before: Record<string, string>) => (name in before ? Object.fromEntries(Object.entries(before).filter(([other]) => other !== name)) : before);
    setOwn(without);
    setNamed(without);
  };

  return (
    <AriaForm ref={form} onSubmit={submit} validationBehavior="aria" validationErrors={{ ...named, ...own }}>
      <div className={className} onInput={changed}>
        {title && <h1>{title}</h1>}
        {general.length > 0 && <Notice tone="bad">{general.join(' ')}</Notice>}
        {children}
      </div>
    </AriaForm>
  );
}

/** What people see instead of a parameter's name. */
function labelOf(form: HTMLFormElement | null, name: string): string {
  const input = form?.elements.namedItem(name);
  const label = input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement ? input.labels?.[0]?.firstChild?.textContent : undefined;
  return label ? `“${label.trim()}”` : `'${name}'`;
}

/** The server's sentence on a field, for what is no input of a form. */
export function fieldSentence(error: unknown, ...names: string[]): string | undefined {
  return error instanceof ApiError ? error.failures.find(({ field }) => field && names.includes(field))?.msg : undefined;
}

export function FieldSentence({ children }: { children?: ReactNode }) {
  if (!children) return null;
  return (
    <p className="field-error" role="alert">
      <Icon name="warning" size="small" />
      <span>{children}</span>
    </p>
  );
}

function Sentence() {
  return (
    <FieldError className="field-error">
      {({ validationErrors }) => (
        <>
          <Icon name="warning" size="small" />
          <span>{validationErrors.join(' ')}</span>
        </>
      )}
    </FieldError>
  );
}

function Caption({ label, optional }: { label: string; optional?: boolean }) {
  return (
    <Label className="field-label">
      {label}
      {optional && <span className="field-optional"> ({texts.common.optional})</span>}
    </Label>
  );
}

interface FieldProps extends Omit<AriaTextFieldProps, 'className' | 'children'> {
  label: string;
  help?: ReactNode;
  optional?: boolean;
  /** Several lines. */
  rows?: number;
  /** For ids, patterns and code. */
  mono?: boolean;
  placeholder?: string;
  /** A sentence of the caller's own; the server's come by `Form`. */
  error?: string;
  /** Values offered while typing; others may be typed. */
  suggestions?: readonly string[];
}

export function TextField({ label, help, optional, rows, mono, placeholder, error, type, suggestions, ...props }: FieldProps) {
  const list = useId();
  const look = `input${mono ? ' mono' : ''}`;
  return (
    <AriaTextField {...props} type={type} isInvalid={error ? true : undefined} className="field">
      <Caption label={label} optional={optional} />
      {type === 'password' ? <Secret look={look} /> : rows ? <TextArea className={look} rows={rows} placeholder={placeholder} /> : <Input className={look} placeholder={placeholder} list={suggestions && list} />}
      {suggestions && (
        <datalist id={list}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {help && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      {error ? <FieldSentence>{error}</FieldSentence> : <Sentence />}
    </AriaTextField>
  );
}

function Secret({ look }: { look: string }) {
  const [shown, setShown] = useState(false);
  return (
    <div className="input-box">
      <Input className={look} type={shown ? 'text' : 'password'} spellCheck={false} />
      <Button
        kind="icon"
        size="small"
        slot={null}
        icon={shown ? 'eyeOff' : 'eye'}
        aria-label={shown ? texts.common.hidePassword : texts.common.showPassword}
        aria-pressed={shown}
        onPress={() => setShown(!shown)}
      />
    </div>
  );
}

export interface Option {
  id: string;
  text: string;
  /** A second line. */
  about?: string;
}

interface SelectProps {
  label: string;
  /** The label is for screen readers only. */
  bare?: boolean;
  name?: string;
  options: readonly Option[];
  value?: string;
  defaultValue?: string;
  onChange?: (id: string) => void;
  help?: ReactNode;
  optional?: boolean;
  isDisabled?: boolean;
  placeholder?: string;
}

export function Select({ label, bare, name, options, value, defaultValue, onChange, help, optional, isDisabled, placeholder }: SelectProps) {
  return (
    <AriaSelect
      className="field"
      name={name}
      aria-label={bare ? label : undefined}
      selectedKey={value}
      defaultSelectedKey={defaultValue}
      onSelectionChange={(key) => key !== null && onChange?.(String(key))}
      isDisabled={isDisabled}
      placeholder={placeholder}
    >
      {!bare && <Caption label={label} optional={optional} />}
      <AriaButton className="input select">
        <SelectValue className="select-value">{({ defaultChildren, selectedText }) => selectedText || defaultChildren}</SelectValue>
        <Icon name="chevronDown" size="small" />
      </AriaButton>
      {help && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <Sentence />
      <Popover className="popover">
        <ListBox className="menu" items={options}>
          {({ id, text, about }) => (
            <ListBoxItem id={id} textValue={text} className="menu-item">
              <span className="grow">
                <Text slot="label">{text}</Text>
                {about && (
                  <Text slot="description" className="field-help">
                    <br />
                    {about}
                  </Text>
                )}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export function Checkbox({ children, about, ...props }: Omit<CheckboxProps, 'children' | 'className'> & { children: ReactNode; about?: ReactNode }) {
  return (
    <AriaCheckbox {...props} className="check">
      <span className="check-box">
        <svg className="icon" data-size="small" viewBox="0 0 24 24" aria-hidden="true" style={{ strokeWidth: 3 }}>
          <path d="M5 12.5l4.5 4.5L19 7.5" />
        </svg>
      </span>
      <span className="grow">
        {children}
        {about && <span className="field-help"> {about}</span>}
      </span>
    </AriaCheckbox>
  );
}

export function RadioGroup({ label, name, options, value, defaultValue, onChange }: Pick<SelectProps, 'label' | 'name' | 'options' | 'value' | 'defaultValue' | 'onChange'>) {
  return (
    <AriaRadioGroup className="field" name={name} value={value} defaultValue={defaultValue} onChange={onChange}>
      <Caption label={label} />
      {options.map(({ id, text, about }) => (
        <Radio key={id} value={id} className="check" data-kind="radio">
          <span className="check-box" />
          <span className="grow">
            {text}
            {about && <span className="field-help"> {about}</span>}
          </span>
        </Radio>
      ))}
    </AriaRadioGroup>
  );
}
