import { useSyncExternalStore } from 'react';
import { texts } from '@/texts';
import { Button } from './button';
import { Icon } from './icons';
import { sentence } from './states';

interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad';
}

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(now: readonly Toast[]) {
  toasts = now;
  for (const listener of listeners) listener();
}

/** Says shortly that something is done. What failed and has a field belongs there, not here. */
export function toast(text: string, tone: 'good' | 'bad' = 'good'): void {
  const id = next++;
  set([...toasts.slice(-3), { id, text, tone }]);
  setTimeout(() => set(toasts.filter((one) => one.id !== id)), tone === 'bad' ? 12_000 : 5_000);
}

export function toastError(error: unknown): void {
  toast(sentence(error), 'bad');
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <div key={id} className="toast" data-tone={tone}>
          <Icon name={tone === 'good' ? 'check' : 'warning'} />
          <span className="grow">{text}</span>
          <Button kind="icon" size="small" icon="close" aria-label={texts.common.close} onPress={() => set(toasts.filter((one) => one.id !== id))} />
        </div>
      ))}
    </div>
  );
}
