import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call, useApi, useChange, useSession, type Rows } from '@/api';
import type { Application, Secret } from '@/api/applications';
import { Bones, Button, Card, ConfirmDialog, CopyButton, Dialog, Failed, Form, MenuItem, MoreMenu, Nothing, Notice, Table, TextField, Time, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';
import { FilterField, useFilter } from '../applications/filters';
import { ListTab } from './shell';

const t = texts.secrets;

export default function Secrets() {
  return (
    <ListTab
      add={{ text: t.add, needs: 'AddSecret' }}
      list={(application, add) => <List application={application} add={add} />}
      dialog={(application, close) => <SecretDialog application={application} onClose={close} />}
    />
  );
}

function List({ application, add }: { application: Application; add: ReactNode }) {
  const { may } = useSession();
  const page = usePaging(50);
  const [name, setName] = useFilter('name');
  const found = useApi<Rows<Secret>>('GetSecrets', { application_id: application.application_id, secret_name_part: name, count: page.count, offset: page.offset });
  const remove = useChange('DelSecret', ['GetSecrets']);
  const [edited, setEdited] = useState<Secret>();
  const [shown, setShown] = useState<Secret>();
  const [doomed, setDoomed] = useState<Secret>();
  return (
    <>
      <Card bare title={t.title} about={t.about}>
        {(name || (found.data?.total_count ?? 0) > 5) && (
          <div className="filters">
            <FilterField label={t.name} value={name} onChange={setName} />
          </div>
        )}
        <Table
          label={t.title}
          source={rowsOf(found)}
          rowKey={({ secret_id }) => secret_id}
          paging={{ page, total: found.data?.total_count }}
          empty={
            name ? (
              <Nothing icon="search" title={t.noMatch(name)}>
                <Button onPress={() => setName('')}>{texts.common.clear}</Button>
              </Nothing>
            ) : (
              <Nothing icon="lock" title={t.none} body={t.noneBody}>
                {add}
              </Nothing>
            )
          }
          columns={[
            { key: 'name', heading: t.name, main: true, cell: ({ secret_name }) => <code className="break">{secret_name}</code> },
            { key: 'description', heading: t.description, cell: ({ description }) => (description ? <span className="break">{description}</span> : <span className="soft">–</span>) },
            { key: 'created', heading: t.created, fit: true, cell: ({ created }) => <Time at={created} brief /> },
            { key: 'modified', heading: t.modified, fit: true, cell: ({ modified }) => <Time at={modified} brief /> },
            {
              key: 'menu',
              heading: '',
              menu: true,
              cell: (secret) =>
                (may('GetSecretValue') || may('SetSecretInfo') || may('DelSecret')) && (
                  <MoreMenu of={secret.secret_name}>
                    {may('GetSecretValue') && (
                      <MenuItem icon="eye" onAction={() => setShown(secret)}>
                        {t.show}
                      </MenuItem>
                    )}
                    {may('SetSecretInfo') && (
                      <MenuItem icon="edit" onAction={() => setEdited(secret)}>
                        {texts.common.edit}
                      </MenuItem>
                    )}
                    {may('DelSecret') && (
                      <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(secret)}>
                        {texts.common.delete}
                      </MenuItem>
                    )}
                  </MoreMenu>
                ),
            },
          ]}
        />
      </Card>
      {edited && <SecretDialog application={application} secret={edited} onClose={() => setEdited(undefined)} />}
      {shown && (
        <Dialog title={shown.secret_name} open onClose={() => setShown(undefined)}>
          <SecretValue application={application} secret={shown} />
        </Dialog>
      )}
      {doomed && (
        <ConfirmDialog
          open
          title={t.deleteTitle(doomed.secret_name)}
          body={t.deleteBody}
          word={doomed.secret_name}
          action={texts.common.delete}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await remove.mutateAsync({ application_id: application.application_id, secret_id: doomed.secret_id });
            toast(texts.common.deleted(doomed.secret_name));
          }}
        />
      )}
    </>
  );
}

/** The text is read when it is asked for, and kept no longer than the dialog is open. */
function SecretValue({ application, secret }: { application: Application; secret: Secret }) {
  const read = useQuery({
    queryKey: ['secret', application.application_id, secret.secret_id],
    queryFn: ({ signal }) => call<{ result: { secret_value: string } }>('GetSecretValue', { application_id: application.application_id, secret_id: secret.secret_id }, signal),
    gcTime: 0,
    staleTime: Infinity,
  });
  if (read.error) return <Failed error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Bones lines={2} />;
  return (
    <>
      <pre className="code" tabIndex={0} aria-label={t.value}>
        {read.data.result.secret_value}
      </pre>
      <Notice tone="warn">{t.shownNotice}</Notice>
      <div className="dialog-actions">
        <CopyButton text={read.data.result.secret_value} what={secret.secret_name}>
          {texts.common.copy}
        </CopyButton>
      </div>
    </>
  );
}

interface DialogProps {
  application: Application;
  /** The secret to change; without it, a new one. */
  secret?: Secret;
  onClose: () => void;
}

function SecretDialog(props: DialogProps) {
  return (
    <Dialog title={props.secret ? t.edit(props.secret.secret_name) : t.addTitle} open onClose={props.onClose}>
      <Fields {...props} />
    </Dialog>
  );
}

function Fields({ application, secret, onClose }: DialogProps) {
  const { may } = useSession();
  const change = useChange(secret ? 'SetSecretInfo' : 'AddSecret', ['GetSecrets']);
  const save = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '');
    const name = text('secret_name').trim();
    change.mutate(
      {
        application_id: application.application_id,
        ...(secret ? { secret_id: secret.secret_id, new_secret_name: name === secret.secret_name ? undefined : name } : { secret_name: name }),
        secret_value: text('secret_value'),
        description: text('description').trim(),
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
    <Form onSubmit={save} error={change.error} aliases={{ new_secret_name: 'secret_name' }}>
      <TextField name="secret_name" label={t.name} help={t.nameHelp} defaultValue={secret?.secret_name} isRequired autoFocus mono autoComplete="off" spellCheck="false" />
      <TextField name="secret_value" label={secret ? t.newValue : t.value} help={may('GetSecretValue') ? t.valueHelp : t.valueOnce} type="password" isRequired={!secret} optional={!!secret} autoComplete="off" />
      <TextField name="description" label={t.description} defaultValue={secret?.description} optional rows={2} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {secret ? texts.common.save : t.add}
        </Button>
      </div>
    </Form>
  );
}
