import { useEffect, useRef, useState, type ReactNode } from 'react';
import { NavLink } from 'react-router';
import { texts } from '@/texts';
import { Button } from './button';
import { Icon } from './icons';
import { toast } from './toasts';

export function Badge({ tone, children }: { tone?: 'accent' | 'good' | 'warn' | 'bad'; children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast(texts.common.copyFailed, 'bad');
    return false;
  }
}

/** Copies `text`; `what` names it for screen readers. */
export function CopyButton({ text, what, children }: { text: string; what: string; children?: ReactNode }) {
  const [done, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const press = async () => {
    if (!(await copy(text))) return;
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 1_500);
  };
  const label = done ? texts.common.copied : `${texts.common.copy} ${what}`;
  return children ? (
    <Button icon={done ? 'check' : 'copy'} onPress={() => void press()}>
      {done ? texts.common.copied : children}
    </Button>
  ) : (
    <Button kind="icon" size="small" icon={done ? 'check' : 'copy'} aria-label={label} onPress={() => void press()} />
  );
}

/** An id in code type with a button that copies it. */
export function CopyText({ text, what }: { text: string; what: string }) {
  return (
    <span className="copy-text">
      <code title={text}>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}

/** Sub-screens of one thing; each tab is an address. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly { to: string; text: string; end?: boolean }[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ to, text, end }) => (
        <NavLink key={to} to={to} end={end} className="tab">
          {text}
        </NavLink>
      ))}
    </nav>
  );
}

/** Without `value` (0 to 1) it only says that the work goes on. */
export function ProgressBar({ label, value, note }: { label: string; value?: number; note?: ReactNode }) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div className="progress">
      <span className="row row-apart">
        <span>{label}</span>
        <span className="soft">{note ?? (percent === undefined ? '' : `${percent} %`)}</span>
      </span>
      <div className="progress-track" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <div className="progress-fill" data-unknown={percent === undefined || undefined} style={percent === undefined ? undefined : { width: `${percent}%` }} />
      </div>
    </div>
  );
}

/** A summary that opens; the content is rendered when it is first open. */
export function Fold({ summary, open: first = false, children }: { summary: string; open?: boolean; children: ReactNode }) {
  const [seen, setSeen] = useState(first);
  return (
    <details className="fold" open={first} onToggle={(event) => event.currentTarget.open && setSeen(true)}>
      <summary>
        <Icon name="chevronRight" size="small" />
        {summary}
      </summary>
      {seen && children}
    </details>
  );
}

/** Saves a text as a file of the browser. */
export function saveFile(name: string, text: string, type = 'application/json'): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
