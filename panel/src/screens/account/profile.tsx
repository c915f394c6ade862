import { useQueryClient } from '@tanstack/react-query';
import { SESSION_QUERY, useApi, useChange, useSession, type AccountInfo } from '@/api';
import { Bones, Button, Card, Checkbox, CopyText, Failed, Form, Page, TextField, Time, toast } from '@/parts';
import { texts } from '@/texts';

const words = texts.profile;

/** Names of time zones that the browser knows, the server's among them. */
const ZONES: readonly string[] = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];

export default function Profile() {
  const info = useApi<{ result: AccountInfo }>('GetAccountInfo', { return_live_balance: false });
  return (
    <Page title={words.title} about={words.about} narrow>
      {info.error && !info.data ? <Failed error={info.error} retry={() => void info.refetch()} /> : info.data ? <Shown key={info.data.result.account_id} account={info.data.result} /> : <Card>{<Bones lines={6} />}</Card>}
    </Page>
  );
}

function Shown({ account }: { account: AccountInfo }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const change = useChange('SetAccountInfo', ['GetAccountInfo']);
  const locked = !may('SetAccountInfo');
  const save = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '').trim();
    change.mutate(
      {
        account_first_name: text('account_first_name'),
        account_last_name: text('account_last_name'),
        location: text('location'),
        language_code: text('language_code'),
        mobile_phone: text('mobile_phone'),
        callback_url: text('callback_url'),
        callback_salt: text('callback_salt'),
        account_custom_data: text('account_custom_data'),
        send_js_error: data.has('send_js_error'),
        account_notifications: data.has('account_notifications'),
      },
      {
        onSuccess: () => {
          toast(words.saved);
          void queries.invalidateQueries({ queryKey: SESSION_QUERY });
        },
      },
    );
  };
  return (
    <>
      <Card title={words.identity}>
        <dl className="facts">
          <dt>{words.id}</dt>
          <dd>
            <CopyText text={String(account.account_id)} what={words.id} />
          </dd>
          <dt>{words.name}</dt>
          <dd>{account.account_name}</dd>
          <dt>{words.email}</dt>
          <dd>{account.account_email}</dd>
          <dt>{words.created}</dt>
          <dd>
            <Time at={account.created} />
          </dd>
        </dl>
      </Card>
      <Form onSubmit={save} error={change.error}>
        <Card title={words.person}>
          <div className="form-grid">
            <TextField label={words.firstName} name="account_first_name" defaultValue={account.account_first_name} autoComplete="given-name" isReadOnly={locked} />
            <TextField label={words.lastName} name="account_last_name" defaultValue={account.account_last_name} autoComplete="family-name" isReadOnly={locked} />
            <TextField label={words.zone} help={words.zoneHelp} name="location" defaultValue={account.location} suggestions={ZONES} autoComplete="off" isReadOnly={locked} />
            <TextField label={words.language} help={words.languageHelp} name="language_code" defaultValue={account.language_code} autoComplete="off" isReadOnly={locked} />
            <TextField label={words.phone} name="mobile_phone" type="tel" defaultValue={account.mobile_phone} autoComplete="tel" isReadOnly={locked} />
          </div>
        </Card>
        <Card title={words.callbacks} about={words.callbacksAbout}>
          <div className="form-grid">
            <TextField label={words.url} help={words.urlHelp} name="callback_url" defaultValue={account.callback_url} autoComplete="off" mono isReadOnly={locked} />
            <TextField label={words.salt} help={words.saltHelp} name="callback_salt" defaultValue="" autoComplete="off" mono isReadOnly={locked} />
          </div>
        </Card>
        <Card title={words.notices}>
          <div className="stack">
            <Checkbox name="send_js_error" defaultSelected={account.send_js_error} isReadOnly={locked}>
              {words.jsErrors}
            </Checkbox>
            <Checkbox name="account_notifications" defaultSelected={account.account_notifications} isReadOnly={locked}>
              {words.accountNotices}
            </Checkbox>
            <TextField label={words.customData} help={words.customDataHelp} name="account_custom_data" defaultValue={account.account_custom_data} rows={3} optional isReadOnly={locked} />
          </div>
        </Card>
        {!locked && (
          <div className="form-actions">
            <Button kind="primary" type="submit" isPending={change.isPending}>
              {texts.common.save}
            </Button>
          </div>
        )}
      </Form>
    </>
  );
}
