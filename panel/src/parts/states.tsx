import type { ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { texts } from '@/texts';
import { Button } from './button';
import { Icon, type IconName } from './icons';

type Tone = 'bad' | 'warn' | 'good';

/** An empty list: what is missing, and in `children` what to do next. */
export function Nothing({ icon, title, body, children }: { icon?: IconName; title: string; body?: ReactNode; children?: ReactNode }) {
  return (
    <div className="nothing">
      {icon && <Icon name={icon} size="large" />}
      <h2>{title}</h2>
      {body && <p>{body}</p>}
      {children && <div className="row">{children}</div>}
    </div>
  );
}

/** A failed read with a way to try again. */
export function Failed({ error, title, retry }: { error: unknown; title?: string; retry?: () => void }) {
  return (
    <div className="nothing" role="alert">
      <Icon name="warning" size="large" />
      <h2>{title ?? texts.failure.title}</h2>
      <p className="break">{sentence(error)}</p>
      {retry && (
        <div className="row">
          <Button icon="refresh" onPress={retry}>
            {texts.common.retry}
          </Button>
        </div>
      )}
    </div>
  );
}

export function Notice({ tone, children }: { tone?: Tone; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={tone === 'good' ? 'check' : tone ? 'warning' : 'info'} />
      <div className="grow">{children}</div>
    </div>
  );
}

/** Grey lines in the place of a text that is still coming. */
export function Bones({ lines = 3 }: { lines?: number }) {
  return (
    <div className="stack-tight" role="status" aria-label={texts.common.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="bone" style={{ width: `${[82, 64, 91, 73][line % 4]}%` }} />
      ))}
    </div>
  );
}

/** An error in one sentence for people. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) return error.failures.map(({ msg }) => msg).join(' ');
  return error instanceof Error ? error.message : String(error);
}
