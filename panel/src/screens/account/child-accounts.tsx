import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useApi, useChange, useSession, type AccountInfo, type Rows } from '@/api';
import { Badge, Button, Card, Checkbox, Dialog, Form, MenuItem, MoreMenu, Nothing, Page, Table, TextField, Time, rowsOf, toast, toastError, usePaging } from '@/parts';
import { texts } from '@/texts';

const words = texts.children;
const READS = ['GetChildrenAccounts'];

export default function ChildAccounts() {
  const session = useSession();
  const { may } = session;
  const navigate = useNavigate();
  const page = usePaging(20);
  const [search, setSearch] = useSearchParams();
  const children = useApi<Rows<AccountInfo>>('GetChildrenAccounts', { child_account_id: 'all', count: page.count, offset: page.offset, return_live_balance: false });
  const asked = Number(search.get('child')) || undefined;
  const one = useApi<Rows<AccountInfo>>('GetChildrenAccounts', { child_account_id: asked, ignore_invalid_accounts: true }, { enabled: asked !== undefined });
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<AccountInfo>();
  const found = asked !== undefined && !one.isPlaceholderData ? one.data?.result[0] : undefined;
  useEffect(() => {
    if (!found) return;
    setEdited(found);
    setSearch({}, { replace: true });
  }, [found, setSearch]);
  const enter = (id: number) =>
    void session
      .act(id)
      .then(() => navigate('/'))
      .catch(toastError);
  const add = may('AddAccount') && (
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
          source={rowsOf(children)}
          rowKey={(row) => row.account_id}
          paging={{ page, total: children.data?.total_count }}
          empty={
            <Nothing icon="tree" title={words.emptyTitle} body={words.emptyBody}>
              {add}
            </Nothing>
          }
          columns={[
            { key: 'name', heading: words.name, main: true, cell: (row) => row.account_name },
            { key: 'id', heading: words.id, cell: (row) => <code>{row.account_id}</code> },
            { key: 'email', heading: words.email, cell: (row) => row.account_email },
            {
              key: 'state',
              heading: words.state,
              cell: (row) => (row.frozen ? <Badge tone="bad">{words.frozen}</Badge> : row.active ? <Badge tone="good">{words.active}</Badge> : <Badge tone="warn">{words.inactive}</Badge>),
            },
            { key: 'created', heading: words.created, cell: (row) => <Time at={row.created} /> },
            {
              key: 'menu',
              heading: '',
              menu: true,
              cell: (row) => (
                <span className="row">
                  <Button size="small" onPress={() => enter(row.account_id)} aria-label={`${words.enter} ${row.account_name}`}>
                    {words.enter}
                  </Button>
                  {may('SetChildAccountInfo') && (
                    <MoreMenu of={row.account_name}>
                      <MenuItem icon="edit" onAction={() => setEdited(row)}>
                        {texts.common.edit}
                      </MenuItem>
                    </MoreMenu>
                  )}
                </span>
              ),
            },
          ]}
        />
      </Card>
      <Dialog title={edited ? words.editTitle(edited.account_name) : words.addTitle} open={adding || edited !== undefined} onClose={close}>
        {edited ? <Edit child={edited} onDone={close} /> : <Add onDone={close} />}
      </Dialog>
    </Page>
  );
}

function Add({ onDone }: { onDone: () => void }) {
  const change = useChange('AddAccount', READS);
  const save = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '');
    change.mutate(
      { account_name: text('account_name').trim(), account_email: text('account_email').trim(), account_password: text('account_password'), active: data.has('active') },
      {
        onSuccess: () => {
          toast(words.added(text('account_name').trim()));
          onDone();
        },
      },
    );
  };
  return (
    <Form onSubmit={save} error={change.error}>
      <TextField label={words.name} help={words.nameHelp} name="account_name" isRequired autoFocus autoComplete="off" spellCheck="false" />
      <TextField label={words.email} name="account_email" inputMode="email" isRequired autoComplete="off" />
      <TextField label={words.password} help={texts.signIn.rules} name="account_password" type="password" isRequired autoComplete="new-password" />
      <Checkbox name="active" defaultSelected>
        {words.activeNow}
      </Checkbox>
      <div className="dialog-actions">
        <Button onPress={onDone}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {words.add}
        </Button>
      </div>
    </Form>
  );
}

function Edit({ child, onDone }: { child: AccountInfo; onDone: () => void }) {
  const change = useChange('SetChildAccountInfo', READS);
  const save = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '');
    change.mutate(
      {
        child_account_id: child.account_id,
        active: data.has('active'),
        location: text('location').trim(),
        language_code: text('language_code').trim(),
        new_child_account_email: text('new_child_account_email').trim(),
        new_child_account_password: text('new_child_account_password'),
      },
      {
        onSuccess: () => {
          toast(words.saved);
          onDone();
        },
      },
    );
  };
  return (
    <Form onSubmit={save} error={change.error}>
      <Checkbox name="active" defaultSelected={child.active}>
        {words.active}
      </Checkbox>
      <div className="form-grid">
        <TextField label={words.zone} name="location" defaultValue={child.location} autoComplete="off" />
        <TextField label={words.language} name="language_code" defaultValue={child.language_code} autoComplete="off" />
      </div>
      <TextField label={words.newEmail} help={words.keepEmpty} placeholder={child.account_email} name="new_child_account_email" inputMode="email" autoComplete="off" optional />
      <TextField label={words.newPassword} help={words.newPasswordHelp} name="new_child_account_password" type="password" autoComplete="new-password" optional />
      <div className="dialog-actions">
        <Button onPress={onDone}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {texts.common.save}
        </Button>
      </div>
    </Form>
  );
}
