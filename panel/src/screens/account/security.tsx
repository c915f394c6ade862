import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call, reread, SESSION_QUERY, useApi, useChange, useSession, type PanelSessionRow, type Rows } from '@/api';
import { Badge, Button, Card, ConfirmDialog, CopyButton, CopyText, Dialog, Form, Nothing, Page, saveFile, Table, TextField, Time, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';
import { Qr } from './qr';
import './security.css';

const words = texts.security;

export default function Security() {
  const { may, acting } = useSession();
  return (
    <Page title={words.title} about={words.about} narrow>
      {!acting && may('ChangePanelPassword') && <Password />}
      {!acting && may('StartSecondFactor') && <SecondFactor />}
      {may('GetPanelSessions') && <Sessions />}
    </Page>
  );
}

function Password() {
  const queries = useQueryClient();
  const { subuser_name, home_account_name } = useSession();
  const [differs, setDiffers] = useState<ApiError>();
  const [round, setRound] = useState(0);
  const change = useChange('ChangePanelPassword', ['GetPanelSessions']);
  const save = (data: FormData) => {
    const next = String(data.get('new_password'));
    setDiffers(undefined);
    if (next !== data.get('repeat')) return setDiffers(new ApiError([{ code: 0, msg: texts.signIn.differs, field: 'repeat' }]));
    change.mutate(
      { old_password: String(data.get('old_password')), new_password: next },
      {
        onSuccess: () => {
          toast(words.passwordChanged);
          setRound(round + 1);
          void queries.invalidateQueries({ queryKey: SESSION_QUERY });
        },
      },
    );
  };
  return (
    <Card title={words.password} about={words.passwordAbout}>
      <Form key={round} onSubmit={save} error={differs ?? change.error}>
        <input className="unseen" name="username" autoComplete="username" value={subuser_name ?? home_account_name} readOnly tabIndex={-1} aria-hidden="true" />
        <div className="form-grid">
          <TextField label={texts.signIn.oldPassword} name="old_password" type="password" autoComplete="current-password" isRequired />
        </div>
        <div className="form-grid">
          <TextField label={texts.signIn.newPassword} help={words.newPasswordHelp(subuser_name === undefined)} name="new_password" type="password" autoComplete="new-password" isRequired />
          <TextField label={texts.signIn.repeat} name="repeat" type="password" autoComplete="new-password" isRequired />
        </div>
        <div className="form-actions">
          <Button type="submit" isPending={change.isPending}>
            {words.changePassword}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

interface Started {
  secret: string;
  uri: string;
}

function SecondFactor() {
  const session = useSession();
  const queries = useQueryClient();
  const [started, setStarted] = useState<Started>();
  const [codes, setCodes] = useState<string[]>();
  const [starting, setStarting] = useState(false);
  const [removing, setRemoving] = useState(false);
  const start = useChange<Started>('StartSecondFactor');
  const confirm = useChange<{ recovery_codes: string[] }>('ConfirmSecondFactor');
  const remove = useChange('RemoveSecondFactor');
  const seen = () => queries.invalidateQueries({ queryKey: SESSION_QUERY });
  const close = () => {
    setStarted(undefined);
    setCodes(undefined);
    confirm.reset();
    void seen();
  };
  const all = codes?.join('\n') ?? '';
  return (
    <Card
      title={words.factor}
      about={words.factorAbout}
      actions={
        <>
          <Badge tone={session.second_factor ? 'good' : undefined}>{session.second_factor ? words.factorOn : words.factorOff}</Badge>
          {session.second_factor ? (
            <Button
              onPress={() => {
                remove.reset();
                setRemoving(true);
              }}
            >
              {words.factorTurnOff}
            </Button>
          ) : (
            <Button
              onPress={() => {
                start.reset();
                setStarting(true);
              }}
            >
              {words.factorSetUp}
            </Button>
          )}
        </>
      }
    >
      <Dialog title={codes ? words.recoveryTitle : words.scanTitle} open={started !== undefined} onClose={close} modal>
        {codes ? (
          <>
            <p>{words.recovery}</p>
            <ul className="recovery">
              {codes.map((code) => (
                <li key={code} className="mono">
                  {code}
                </li>
              ))}
            </ul>
            <div className="row">
              <CopyButton text={all} what="">
                {words.recoveryCopy}
              </CopyButton>
              <Button icon="download" onPress={() => saveFile(`recovery-codes-${session.home_account_name}.txt`, `${all}\n`, 'text/plain')}>
                {words.recoverySave}
              </Button>
            </div>
            <div className="dialog-actions">
              <Button kind="primary" onPress={close}>
                {words.recoveryDone}
              </Button>
            </div>
          </>
        ) : (
          started && (
            <Form onSubmit={(data) => confirm.mutate({ code: String(data.get('code')).replace(/\s/g, '') }, { onSuccess: ({ recovery_codes }) => setCodes(recovery_codes) })} error={confirm.error}>
              <p>{words.scan}</p>
              <Qr text={started.uri} label={words.qr} />
              <div className="field">
                <span className="field-label">{words.secret}</span>
                <CopyText text={started.secret} what={words.secret} />
              </div>
              <TextField label={words.code} name="code" autoComplete="one-time-code" inputMode="numeric" isRequired autoFocus mono maxLength={12} />
              <div className="dialog-actions">
                <Button onPress={close}>{texts.common.cancel}</Button>
                <Button kind="primary" type="submit" isPending={confirm.isPending}>
                  {words.confirm}
                </Button>
              </div>
            </Form>
          )
        )}
      </Dialog>
      <Dialog title={words.scanTitle} open={starting} onClose={() => setStarting(false)} modal>
        <Form
          error={start.error}
          onSubmit={(data) =>
            start.mutate(
              { password: String(data.get('password')) },
              {
                onSuccess: (made) => {
                  setStarting(false);
                  setStarted(made);
                },
              },
            )
          }
        >
          <p>{words.factorSetUpBody}</p>
          <TextField label={texts.signIn.password} name="password" type="password" autoComplete="current-password" isRequired autoFocus />
          <div className="dialog-actions">
            <Button onPress={() => setStarting(false)}>{texts.common.cancel}</Button>
            <Button kind="primary" type="submit" isPending={start.isPending}>
              {texts.signIn.codeSubmit}
            </Button>
          </div>
        </Form>
      </Dialog>
      <Dialog title={words.factorTurnOffTitle} open={removing} onClose={() => setRemoving(false)} modal>
        <Form
          error={remove.error}
          onSubmit={(data) =>
            remove.mutate(
              { password: String(data.get('password')) },
              {
                onSuccess: () => {
                  setRemoving(false);
                  toast(words.factorRemoved);
                  void seen();
                },
              },
            )
          }
        >
          <p>{words.factorTurnOffBody}</p>
          <TextField label={texts.signIn.password} name="password" type="password" autoComplete="current-password" isRequired autoFocus />
          <div className="dialog-actions">
            <Button onPress={() => setRemoving(false)}>{texts.common.cancel}</Button>
            <Button kind="danger" type="submit" isPending={remove.isPending}>
              {words.factorTurnOff}
            </Button>
          </div>
        </Form>
      </Dialog>
    </Card>
  );
}

/** “Chromium 130 on Linux” of a user agent, or its beginning. */
function browserOf(agent: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Version)\/(\d+)/.exec(agent);
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux|CrOS)/.exec(agent)?.[1];
  if (!browser) return agent.slice(0, 80) || '–';
  const name = { Edg: 'Edge', OPR: 'Opera', Version: 'Safari' }[browser[1] ?? ''] ?? browser[1];
  return `${name} ${browser[2]}${system ? ` · ${system.replace('Mac OS X', 'macOS')}` : ''}`;
}

function Sessions() {
  const { may } = useSession();
  const queries = useQueryClient();
  const page = usePaging(20);
  const sessions = useApi<Rows<PanelSessionRow>>('GetPanelSessions', { count: page.count, offset: page.offset });
  const [doomed, setDoomed] = useState<PanelSessionRow>();
  return (
    <Card title={words.sessions} about={words.sessionsAbout} bare>
      <Table
        label={words.sessions}
        source={rowsOf(sessions)}
        rowKey={(row) => row.panel_session_id}
        paging={{ page, total: sessions.data?.total_count }}
        empty={<Nothing title={words.sessionsNone} />}
        columns={[
          {
            key: 'agent',
            heading: words.device,
            main: true,
            cell: (row) => (
              <span title={row.user_agent} className="row">
                {browserOf(row.user_agent)} {row.current && <Badge tone="good">{words.current}</Badge>}
              </span>
            ),
          },
          { key: 'user', heading: words.user, cell: (row) => row.subuser_name ?? words.owner },
          { key: 'ip', heading: words.ip, cell: (row) => <code>{row.ip}</code> },
          { key: 'used', heading: words.lastUsed, cell: (row) => <Time at={row.last_used} brief /> },
          { key: 'expires', heading: words.expires, cell: (row) => <Time at={row.expires} /> },
          {
            key: 'end',
            heading: '',
            menu: true,
            cell: (row) =>
              !row.current &&
              may('DelPanelSession') && (
                <Button size="small" onPress={() => setDoomed(row)}>
                  {words.end}
                </Button>
              ),
          },
        ]}
      />
      <ConfirmDialog
        title={words.endTitle}
        body={doomed && words.endBody(doomed.ip)}
        action={words.end}
        open={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        onConfirm={async () => {
          await call('DelPanelSession', { panel_session_id: doomed?.panel_session_id });
          toast(words.ended);
          await reread(queries, ['GetPanelSessions']);
        }}
      />
    </Card>
  );
}

