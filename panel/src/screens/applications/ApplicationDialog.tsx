import { useState } from 'react';
import { useChange } from '@/api';
import { shortName, type Application } from '@/api/applications';
import { Button, Checkbox, Dialog, Form, TextField, toast } from '@/parts';
import { texts } from '@/texts';

const t = texts.applications;

interface Props {
  /** The application to change; without it, a new one. */
  application?: Application;
  onClose: () => void;
  onDone?: (id: number) => void;
}

export function ApplicationDialog({ application, onClose, onDone }: Props) {
  return (
    <Dialog title={application ? t.edit(shortName(application)) : t.addTitle} open onClose={onClose}>
      <Fields application={application} onClose={onClose} onDone={onDone} />
    </Dialog>
  );
}

function Fields({ application, onClose, onDone }: Props) {
  const change = useChange<{ application_id?: number }>(application ? 'SetApplicationInfo' : 'AddApplication', ['GetApplications']);
  const [name, setName] = useState(application ? shortName(application) : '');
  const [secure, setSecure] = useState(application?.secure_record_storage ?? false);
  const save = () =>
    change.mutate(
      {
        application_id: application?.application_id,
        application_name: application && name === shortName(application) ? undefined : name.trim(),
        secure_record_storage: secure,
      },
      {
        onSuccess: ({ application_id }) => {
          toast(texts.common.saved);
          onClose();
          onDone?.(application_id ?? application?.application_id ?? 0);
        },
      },
    );
  return (
    <Form onSubmit={save} error={change.error}>
      <TextField name="application_name" label={t.name} help={t.nameHelp} value={name} onChange={setName} isRequired autoFocus mono autoComplete="off" spellCheck="false" />
      <Checkbox isSelected={secure} onChange={setSecure} about={t.secureHelp}>
        {t.secure}
      </Checkbox>
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {application ? texts.common.save : t.add}
        </Button>
      </div>
    </Form>
  );
}
