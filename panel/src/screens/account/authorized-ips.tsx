import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, reread, useApi, useChange, useSession, type AuthorizedIp, type Rows } from '@/api';
import { Badge, Button, Card, ConfirmDialog, Dialog, Form, MenuItem, MoreMenu, Nothing, Notice, Page, RadioGroup, Table, TextField, Time, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';

const words = texts.ips;
const READS = ['GetAuthorizedAccountIPs', 'CheckAuthorizedAccountIP'];

export default function AuthorizedIps() {
  const { may } = useSession();
  const queries = useQueryClient();
  const page = usePaging(20);
  const ips = useApi<Rows<AuthorizedIp>>('GetAuthorizedAccountIPs', { count: page.count, offset: page.offset });
  const [adding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<AuthorizedIp>();
  const add = may('AddAuthorizedAccountIP') && (
    <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <Page title={words.title} about={words.about} actions={add} narrow>
      <Card bare>
        <Table
          label={words.title}
          source={rowsOf(ips)}
          rowKey={(row) => `${row.authorized_ip} ${row.allowed}`}
          paging={{ page, total: ips.data?.total_count }}
          empty={
            <Nothing icon="shield" title={words.emptyTitle} body={words.emptyBody}>
              {add}
            </Nothing>
          }
          columns={[
            { key: 'ip', heading: words.address, main: true, cell: (row) => <code>{row.authorized_ip}</code> },
            { key: 'allowed', heading: words.kind, cell: (row) => <Badge tone={row.allowed ? 'good' : 'bad'}>{row.allowed ? words.allowed : words.refused}</Badge> },
            { key: 'created', heading: words.created, cell: (row) => <Time at={row.created} /> },
            {
              key: 'menu',
              heading: '',
              menu: true,
              cell: (row) =>
                may('DelAuthorizedAccountIP') && (
                  <MoreMenu of={row.authorized_ip}>
                    <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(row)}>
                      {texts.common.delete}
                    </MenuItem>
                  </MoreMenu>
                ),
            },
          ]}
        />
      </Card>
      {may('CheckAuthorizedAccountIP') && <Check />}
      <Dialog title={words.addTitle} open={adding} onClose={() => setAdding(false)}>
        <Add onDone={() => setAdding(false)} />
      </Dialog>
      <ConfirmDialog
        title={words.deleteTitle}
        body={doomed && words.deleteBody(doomed.authorized_ip)}
        action={texts.common.delete}
        open={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        onConfirm={async () => {
          await call('DelAuthorizedAccountIP', { authorized_ip: doomed?.authorized_ip, allowed: doomed?.allowed });
          toast(texts.common.deleted(doomed?.authorized_ip ?? ''));
          await reread(queries, READS);
        }}
      />
    </Page>
  );
}

function Add({ onDone }: { onDone: () => void }) {
  const change = useChange('AddAuthorizedAccountIP', READS);
  const save = (data: FormData) => {
    const address = String(data.get('authorized_ip')).trim();
    change.mutate(
      { authorized_ip: address, allowed: data.get('allowed') !== 'false', description: String(data.get('description')).trim() },
      {
        onSuccess: () => {
          toast(words.added(address));
          onDone();
        },
      },
    );
  };
  return (
    <Form onSubmit={save} error={change.error}>
      <TextField label={words.address} help={words.addressHelp} name="authorized_ip" isRequired autoFocus mono autoComplete="off" />
      <RadioGroup
        label={words.kind}
        name="allowed"
        defaultValue="true"
        options={[
          { id: 'true', text: words.allowed, about: words.allowedAbout },
          { id: 'false', text: words.refused, about: words.refusedAbout },
        ]}
      />
      <TextField label={words.description} name="description" optional autoComplete="off" />
      <Notice tone="warn">{words.warn}</Notice>
      <div className="dialog-actions">
        <Button onPress={onDone}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {words.add}
        </Button>
      </div>
    </Form>
  );
}

function Check() {
  const [asked, setAsked] = useState<string>();
  const check = useChange<{ result: boolean }>('CheckAuthorizedAccountIP');
  return (
    <Card title={words.check}>
      <Form
        error={check.error}
        onSubmit={(data) => {
          const address = String(data.get('authorized_ip')).trim();
          check.mutate({ authorized_ip: address }, { onSuccess: () => setAsked(address) });
        }}
      >
        <div className="form-grid">
          <TextField label={words.checkAddress} name="authorized_ip" isRequired mono autoComplete="off" />
        </div>
        {check.data && asked && <Notice tone={check.data.result ? 'good' : 'bad'}>{check.data.result ? words.checkYes(asked) : words.checkNo(asked)}</Notice>}
        <div className="form-actions">
          <Button type="submit" isPending={check.isPending}>
            {words.checkButton}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
