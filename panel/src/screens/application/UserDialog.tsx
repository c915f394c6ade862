import { useState } from 'react';
import { useChange } from '@/api';
import type { Application, User } from '@/api/applications';
import { Button, Checkbox, Dialog, Form, TextField, toast } from '@/parts';
import { texts } from '@/texts';

const t = texts.users;

interface Props {
  application: Application;
  /** The user to change; without it, a new one. */
  user?: User;
  onClose: () => void;
}

export function UserDialog(props: Props) {
  return (
    <Dialog title={props.user ? t.edit(props.user.user_name) : t.addTitle} open onClose={props.onClose} modal={false}>
      <Fields {...props} />
    </Dialog>
  );
}

function Fields({ application, user, onClose }: Props) {
  const change = useChange(user ? 'SetUserInfo' : 'AddUser', ['GetUsers']);
  const [active, setActive] = useState(user?.user_active ?? true);
  const [ofAccount, setOfAccount] = useState(user?.parent_accounting ?? true);
  const save = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '');
    const name = text('user_name').trim();
    change.mutate(
      {
        ...(user ? { user_id: user.user_id, new_user_name: name === user.user_name ? undefined : name } : { application_id: application.application_id, user_name: name }),
        user_display_name: text('user_display_name').trim(),
        user_password: text('user_password'),
        user_custom_data: text('user_custom_data'),
        mobile_phone: text('mobile_phone').trim(),
        user_active: active,
        parent_accounting: ofAccount,
      },
      {
        onSuccess: () => {
          toast(texts.common.saved);
          onClose();
        },
      },
    );
  };
  return (
    <Form onSubmit={save} error={change.error} aliases={{ new_user_name: 'user_name' }}>
      <TextField name="user_name" label={t.name} help={t.nameHelp} defaultValue={user?.user_name} isRequired autoFocus={!user} mono autoComplete="off" spellCheck="false" />
      <TextField name="user_display_name" label={t.displayName} help={t.displayNameHelp} defaultValue={user?.user_display_name} isRequired autoFocus={!!user} autoComplete="off" />
      <TextField name="user_password" label={user ? t.newPassword : t.password} help={user ? t.newPasswordHelp : t.passwordHelp} type="password" isRequired={!user} optional={!!user} autoComplete="new-password" />
      <TextField name="mobile_phone" label={t.phone} type="tel" defaultValue={user?.mobile_phone} optional autoComplete="off" />
      <TextField name="user_custom_data" label={t.customData} help={t.customDataHelp} rows={2} defaultValue={user?.user_custom_data} optional />
      <Checkbox isSelected={active} onChange={setActive} about={t.activeHelp}>
        {t.activeLabel}
      </Checkbox>
      <Checkbox isSelected={ofAccount} onChange={setOfAccount} about={t.ofAccountHelp}>
        {t.ofAccountLabel}
      </Checkbox>
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {user ? texts.common.save : t.add}
        </Button>
      </div>
    </Form>
  );
}
