import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { texts } from '@/texts';
import { ConfirmDialog } from './dialog';

/** Asks before a screen with unsaved changes is left. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname && nextLocation.pathname !== '/sign-in');
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
  return (
    <ConfirmDialog
      title={texts.guard.title}
      body={texts.guard.body}
      action={texts.guard.leave}
      open={blocker.state === 'blocked'}
      onClose={() => blocker.state === 'blocked' && blocker.reset()}
      onConfirm={async () => blocker.state === 'blocked' && blocker.proceed()}
    />
  );
}
