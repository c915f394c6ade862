import { useState, type ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { texts } from '@/texts';
import { Button } from './button';
import { TextField } from './fields';
import { Notice, sentence } from './states';

interface DialogProps {
  title: string;
  open: boolean;
  onClose: () => void;
  size?: 'large';
  /** Asks for an answer: no closing by a click beside it. */
  modal?: boolean;
  children: ReactNode;
}

/** Focus moves in, stays in, and goes back to where it was. Escape closes. */
export function Dialog({ title, open, onClose, size, modal, children }: DialogProps) {
  return (
    <ModalOverlay className="veil" isOpen={open} onOpenChange={(now) => !now && onClose()} isDismissable={!modal}>
      <Modal className="dialog-box" data-size={size}>
        <AriaDialog className="dialog" role={modal ? 'alertdialog' : 'dialog'}>
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button kind="icon" size="small" icon="close" aria-label={texts.common.close} onPress={onClose} />
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  title: string;
  /** What happens and whether it can be undone. */
  body: ReactNode;
  open: boolean;
  onClose: () => void;
  /** The verb on the button. */
  action: string;
  /** The dialog closes when it resolves and shows the sentence when it rejects. */
  onConfirm: () => Promise<unknown>;
  /** A word to type first, for what cannot be undone. */
  word?: string;
  /** For confirmations that destroy nothing. */
  harmless?: boolean;
}

export function ConfirmDialog(props: ConfirmProps) {
  return (
    <Dialog title={props.title} open={props.open} onClose={props.onClose} modal>
      <Confirmation {...props} />
    </Dialog>
  );
}

function Confirmation({ body, onClose, action, onConfirm, word, harmless }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const ready = !word || typed.trim() === word;
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void confirm();
      }}
    >
      <div className="break">{body}</div>
      {word && <TextField label={texts.common.typeToConfirm(word)} value={typed} onChange={setTyped} autoComplete="off" autoFocus mono />}
      {error !== undefined && <Notice tone="bad">{sentence(error)}</Notice>}
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind={harmless ? 'primary' : 'danger'} type="submit" isDisabled={!ready} isPending={busy} autoFocus={!word}>
          {action}
        </Button>
      </div>
    </form>
  );
}
