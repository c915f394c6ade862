import { useChange } from '@/api';
import { ConfirmDialog, toast } from '@/parts';
import { texts } from '@/texts';

const words = texts.sessions.live;

/** Asks whether a session is to end. */
export function StopDialog({ id, onClose, onStopped }: { id: number | undefined; onClose: () => void; onStopped?: () => void }) {
  const stop = useChange('StopSession', ['GetLiveSessions']);
  return (
    <ConfirmDialog
      title={words.stopTitle(id ?? '')}
      body={words.stopBody}
      open={id !== undefined}
      onClose={onClose}
      action={words.stop}
      onConfirm={async () => {
        await stop.mutateAsync({ call_session_history_id: id });
        if (id !== undefined) toast(words.stopped(id));
        onStopped?.();
      }}
    />
  );
}
