import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { call, reread, useApi, useSession, type Rows, type SubUser } from '@/api';
import { Button, Card, Checkbox, ConfirmDialog, Dialog, fieldSentence, Fold, Form, MenuItem, MenuLine, MoreMenu, Nothing, Page, RoleBadges, RolesField, Table, TextField, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';

const words = texts.subusers;

export default function Subusers() {
  const { may, account_name } = useSession();
  const queries = useQueryClient();
  const page = usePaging(20);
  const [search, setSearch] = useSearchParams();
  const subusers = useApi<Rows<SubUser>>('GetSubUsers', { with_roles: true, count: page.count, offset: page.offset });
  const asked = Number(search.get('subuser')) || undefined;
  const one = useApi<Rows<SubUser>>('GetSubUsers', { with_roles: true, subuser_id: asked }, { enabled: asked !== undefined });
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<SubUser>();
  const [doomed, setDoomed] = useState<SubUser>();
  const found = asked !== undefined && !one.isPlaceholderData ? one.data?.result[0] : undefined;
  useEffect(() => {
    if (!found) return;
    setEdited(found);
    setSearch({}, { replace: true });
  }, [found, setSearch]);
  const add = may('AddSubUser') && (
    <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  const close = () => {
    setAdding(false);
    setEdited(undefined);
  };
  return (
    <Page title={words.title} about={words.about} actions={add}>
      <Card bare>
        <Table
          label={words.title}
          source={rowsOf(subusers)}
          rowKey={(row) => row.subuser_id}
          paging={{ page, total: subusers.data?.total_count }}
          empty={
            <Nothing icon="people" title={words.emptyTitle} body={words.emptyBody}>
              {add}
            </Nothing>
          }
          columns={[
            {
              key: 'name',
              heading: words.name,
              main: true,
              sort: (row) => row.subuser_name,
              cell: (row) => row.subuser_name,
            },
            { key: 'description', heading: words.description, cell: (row) => row.description || '–' },
            { key: 'roles', heading: words.roles, cell: (row) => <RoleBadges roles={row.roles} /> },
            {
              key: 'menu',
              heading: '',
              menu: true,
              cell: (row) => (
                <MoreMenu of={row.subuser_name}>
                  {may('SetSubUserRoles') && (
                    <MenuItem icon="edit" onAction={() => setEdited(row)}>
                      {texts.common.edit}
                    </MenuItem>
                  )}
                  {may('DelSubUser') && <MenuLine />}
                  {may('DelSubUser') && (
                    <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(row)}>
                      {texts.common.delete}
                    </MenuItem>
                  )}
                </MoreMenu>
              ),
            },
          ]}
        />
      </Card>
      <p className="field-help">{words.signInHint(account_name)}</p>
      <Dialog title={edited ? words.editTitle(edited.subuser_name) : words.addTitle} open={adding || edited !== undefined} onClose={close} size="large">
        <Editor key={edited?.subuser_id ?? 'new'} saved={edited} onDone={close} />
      </Dialog>
      <ConfirmDialog
        title={words.deleteTitle}
        body={doomed && words.deleteBody(doomed.subuser_name)}
        word={doomed?.subuser_name}
        action={texts.common.delete}
        open={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        onConfirm={async () => {
          await call('DelSubUser', { subuser_id: doomed?.subuser_id });
          toast(texts.common.deleted(doomed?.subuser_name ?? ''));
          await reread(queries, ['GetSubUsers']);
        }}
      />
    </Page>
  );
}

function Editor({ saved, onDone }: { saved?: SubUser; onDone: () => void }) {
  const queries = useQueryClient();
  const before = (saved?.roles ?? []).map(({ role_id }) => role_id);
  const [roles, setRoles] = useState<number[]>(before);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const removed = before.filter((id) => !roles.includes(id));
  const added = roles.filter((id) => !before.includes(id));

  const store = async (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '');
    setBusy(true);
    setError(undefined);
    try {
      if (saved) {
        const info = { description: text('description').trim(), old_subuser_password: text('old_subuser_password'), new_subuser_password: text('new_subuser_password') };
        if (info.description !== (saved.description ?? '') || info.new_subuser_password) await call('SetSubUserInfo', { subuser_id: saved.subuser_id, ...info });
        if (added.length) await call('SetSubUserRoles', { subuser_id: saved.subuser_id, role_id: added });
        if (removed.length) await call('RemoveSubUserRoles', { subuser_id: saved.subuser_id, role_id: removed, force: data.has('force') });
        toast(words.saved);
      } else {
        const name = text('new_subuser_name').trim();
        await call('AddSubUser', { new_subuser_name: name, new_subuser_password: text('new_subuser_password'), description: text('description').trim(), role_id: roles });
        toast(words.added(name));
      }
      onDone();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    } finally {
      void reread(queries, ['GetSubUsers']);
    }
  };

  return (
    <Form onSubmit={(data) => void store(data)} error={error} shownElsewhere={['role_id', 'role_name']}>
      {!saved && (
        <div className="form-grid">
          <TextField label={words.name} help={words.nameHelp} name="new_subuser_name" isRequired autoFocus autoComplete="off" spellCheck="false" />
          <TextField label={words.password} help={words.passwordHelp} name="new_subuser_password" type="password" isRequired autoComplete="new-password" />
        </div>
      )}
      <TextField label={words.description} name="description" defaultValue={saved?.description} optional autoComplete="off" />
      <div className="field">
        <span className="field-label">{words.roles}</span>
        <RolesField value={roles} onChange={setRoles} error={fieldSentence(error, 'role_id', 'role_name')} />
      </div>
      {removed.length > 0 && <Checkbox name="force">{words.keysToo}</Checkbox>}
      {saved && (
        <Fold summary={words.newPassword}>
          <div className="form-grid fold-body">
            <TextField label={words.oldPassword} name="old_subuser_password" type="password" autoComplete="off" />
            <TextField label={texts.signIn.newPassword} help={words.passwordHelp} name="new_subuser_password" type="password" autoComplete="new-password" />
          </div>
        </Fold>
      )}
      <div className="dialog-actions">
        <Button onPress={onDone}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={busy}>
          {saved ? texts.common.save : words.add}
        </Button>
      </div>
    </Form>
  );
}
