import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ApiError, call, reread, useApi, useSession, type Credentials, type Key, type KeyDates, type KeyUsage, type Rows } from '@/api';
import { Badge, Bones, Button, Card, CopyText, Dialog, Failed, fieldSentence, Form, LeaveGuard, LinkButton, Notice, Nothing, Page, RolesField, Table, TextField, Time, rowsOf, saveFile, toast } from '@/parts';
import { texts } from '@/texts';
import { keyName } from './list';

const words = texts.serviceAccounts;
const LIST = '/service-accounts';

export function NewServiceAccount() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [description, setDescription] = useState('');
  const [roles, setRoles] = useState<number[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [made, setMade] = useState<Credentials>();

  const generate = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { result } = await call<{ result: Credentials | Credentials[] }>('CreateKey', { description: description.trim(), role_id: roles });
      const credentials = Array.isArray(result) ? result[0] : result;
      if (!credentials) return;
      setMade(credentials);
      save(credentials);
      void reread(queries, ['GetKeys', 'GetKeyDates']);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Page title={words.newTitle} about={words.newAbout} back={{ to: LIST, text: words.title }} narrow>
      <Form onSubmit={() => void generate()} error={withRolesField(error)} shownElsewhere={['role_id', 'role_name']}>
        <Card>
          <TextField label={words.where} help={words.whereHelp} name="description" optional value={description} onChange={setDescription} autoFocus maxLength={1000} />
        </Card>
        <Card title={words.rolesCard} about={words.rolesAbout}>
          <RolesField value={roles} onChange={setRoles} error={rolesSentence(error)} />
        </Card>
        <div className="form-actions">
          <Button kind="primary" type="submit" icon="key" isPending={busy}>
            {words.generate}
          </Button>
          <LinkButton to={LIST}>{texts.common.cancel}</LinkButton>
        </div>
      </Form>
      <LeaveGuard dirty={!made && (description !== '' || roles.length > 0)} />
      <Dialog title={words.generated} open={made !== undefined} onClose={() => void navigate(LIST)} modal>
        {made && (
          <>
            <p className="break">{words.generatedSaved(fileName(made))}</p>
            <Notice tone="warn">{words.generatedOnce}</Notice>
            <div className="stack-tight">
              <span className="soft">{words.generatedUse}</span>
              <CopyText text={`export VOXIMPLANT_CREDENTIALS=$PWD/${fileName(made)}`} what="" />
            </div>
            <div className="dialog-actions">
              <Button icon="download" onPress={() => save(made)}>
                {words.saveAgain}
              </Button>
              <Button kind="primary" autoFocus onPress={() => void navigate(LIST)}>
                {words.toList}
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </Page>
  );
}

function fileName({ key_id }: Credentials): string {
  return `credentials-${key_id.slice(0, 8)}.json`;
}

function save({ account_email, account_id, key_id, private_key }: Credentials): void {
  saveFile(fileName({ account_email, account_id, key_id, private_key }), `${JSON.stringify({ account_email, account_id, key_id, private_key }, null, 2)}\n`);
}

/** A refusal for rights (104) without a field is about the roles: nothing else in this form can exceed them. */
function withRolesField(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  return new ApiError(error.failures.map((failure) => (failure.code === 104 && !failure.field ? { ...failure, field: 'role_id' } : failure)));
}

function rolesSentence(error: unknown): string | undefined {
  return fieldSentence(withRolesField(error), 'role_id', 'role_name');
}

export default function EditServiceAccount() {
  const { id = '' } = useParams();
  const keys = useApi<Rows<Key>>('GetKeys', { key_id: id, with_roles: true });
  const key = keys.data?.result.find(({ key_id }) => key_id === id);
  if (!key) {
    return (
      <Page title={words.one} back={{ to: LIST, text: words.title }} narrow>
        <Card>
          {keys.isPending || keys.isPlaceholderData ? (
            <Bones lines={5} />
          ) : keys.error && keys.error.code === 0 ? (
            <Failed error={keys.error} retry={() => void keys.refetch()} />
          ) : (
            <Nothing icon="key" title={words.notThere} body={words.notThereBody}>
              <LinkButton to={LIST}>{words.toList}</LinkButton>
            </Nothing>
          )}
        </Card>
      </Page>
    );
  }
  return <Editor key={key.key_id} saved={key} />;
}

function Editor({ saved }: { saved: Key }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const dates = useApi<Rows<KeyDates>>('GetKeyDates', { key_id: saved.key_id }, { enabled: may('GetKeyDates') }).data?.result[0];
  const before = (saved.roles ?? []).map(({ role_id }) => role_id).sort((a, b) => a - b);
  const [description, setDescription] = useState(saved.description);
  const [roles, setRoles] = useState<number[]>(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const newRoles = roles.join() !== before.join();
  const newWords = description.trim() !== saved.description;

  const store = async () => {
    setBusy(true);
    setError(undefined);
    try {
      if (newWords) await call('UpdateKey', { key_id: saved.key_id, description: description.trim(), key_name: saved.key_name });
      if (newRoles && roles.length > 0) await call('SetKeyRoles', { key_id: saved.key_id, role_id: roles });
      if (newRoles && roles.length === 0) await call('RemoveKeyRoles', { key_id: saved.key_id, role_id: before });
      toast(words.saved);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
      await reread(queries, ['GetKeys', 'GetKeyUsage']);
    }
  };

  return (
    <Page title={keyName(saved)} about={words.editAbout} back={{ to: LIST, text: words.title }} narrow>
      <Form onSubmit={() => void store()} error={withRolesField(error)} shownElsewhere={['role_id', 'role_name']}>
        <Card>
          <div className="stack">
            <dl className="facts">
              <dt>{words.keyId}</dt>
              <dd>
                <CopyText text={saved.key_id} what={words.keyId} />
              </dd>
              {dates && (
                <>
                  <dt>{words.created}</dt>
                  <dd>
                    <Time at={dates.created} />
                  </dd>
                  <dt>{words.lastUsed}</dt>
                  <dd>
                    <Time at={dates.last_used} none={words.notUsed} />
                  </dd>
                </>
              )}
            </dl>
            <TextField label={words.where} help={words.whereHelp} name="description" value={description} onChange={setDescription} isReadOnly={!may('UpdateKey')} maxLength={1000} />
          </div>
        </Card>
        <Card title={words.rolesCard} about={words.rolesAbout}>
          <RolesField value={roles} onChange={setRoles} error={rolesSentence(error)} />
        </Card>
        <div className="form-actions">
          <Button kind="primary" type="submit" isPending={busy} isDisabled={!newRoles && !newWords}>
            {texts.common.save}
          </Button>
          <LinkButton to={LIST}>{texts.common.cancel}</LinkButton>
        </div>
      </Form>
      {may('GetKeyUsage') && (
        <Usage
          id={saved.key_id}
          roles={roles}
          onTake={(smallest) => {
            setRoles(smallest);
            toast(words.taken);
          }}
        />
      )}
      <LeaveGuard dirty={(newRoles || newWords) && !busy} />
    </Page>
  );
}

function Usage({ id, roles, onTake }: { id: string; roles: readonly number[]; onTake: (roles: number[]) => void }) {
  const usage = useApi<KeyUsage>('GetKeyUsage', { key_id: id });
  const days = usage.data?.days ?? 30;
  const smallest = (usage.data?.smallest_roles ?? []).map(({ role_id }) => role_id).sort((a, b) => a - b);
  return (
    <Card title={words.usage} about={words.usageAbout(days)} bare>
      <Table
        label={words.usage}
        source={rowsOf(usage)}
        rowKey={({ method }) => method}
        empty={<Nothing icon="history" title={words.usageNone(days)} />}
        columns={[
          { key: 'method', heading: words.method, main: true, sort: ({ method }) => method, cell: ({ method }) => <code>{method}</code> },
          { key: 'uses', heading: words.uses, align: 'end', sort: ({ uses }) => uses, cell: ({ uses }) => uses.toLocaleString('en') },
          { key: 'last', heading: words.lastUsed, sort: ({ last_used }) => last_used, cell: ({ last_used }) => <Time at={last_used} /> },
        ]}
      />
      {usage.data && usage.data.result.length > 0 && (
        <div className="card-foot row-apart">
          {smallest.join() === roles.join() ? (
            <span className="soft">{words.smallestTaken}</span>
          ) : (
            <>
              <span className="row">
                <span>{words.smallest}</span>
                {smallest.length === 0 ? (
                  <Badge>{texts.roles.basic}</Badge>
                ) : (
                  usage.data.smallest_roles.map(({ role_id, role_name }) => (
                    <Badge key={role_id} tone="accent">
                      {role_name}
                    </Badge>
                  ))
                )}
              </span>
              <Button onPress={() => onTake(smallest)}>{words.take}</Button>
            </>
          )}
        </div>
      )}
    </Card>
  );
}
