import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { ApiError, call, post, SESSION_QUERY, useSessionQuery, type PanelSession } from '@/api';
import { guestApplications } from '@/call/credential';
import { Button, Form, Icon, Mark, TextField } from '@/parts';
import { texts } from '@/texts';
import './sign-in.css';

type Answer = { result: PanelSession; second_factor_required?: undefined } | { second_factor_required: true; result?: undefined };

const words = texts.signIn;

/** Only a path of this panel, never another host. */
function nextPath(next: string | null): string {
  const here = window.location.origin;
  const url = next && URL.canParse(next, here) ? new URL(next, here) : undefined;
  return url?.origin === here && !url.pathname.startsWith('/sign-in') ? url.pathname + url.search + url.hash : '/';
}

/** Pages of this server that are none of the panel's screens. */
const OTHER_PAGES = /^\/(call|docs)(?=[/?#]|$)/;

export default function SignIn() {
  const toScreen = useNavigate();
  const queries = useQueryClient();
  const [search] = useSearchParams();
  const session = useSessionQuery();
  const leave = useCallback(() => {
    const path = nextPath(search.get('next'));
    if (OTHER_PAGES.test(path)) window.location.replace(path);
    else void toScreen(path, { replace: true });
  }, [toScreen, search]);
  const done = (panel: PanelSession) => {
    queries.removeQueries({ queryKey: ['api'] });
    queries.setQueryData(SESSION_QUERY, panel);
    if (!panel.password_must_change) leave();
  };
  useEffect(() => {
    document.title = `${words.title} · ${texts.product}`;
  }, []);
  const there = session.data;
  useEffect(() => {
    if (there && !there.password_must_change) leave();
  }, [there, leave]);
  return (
    <main className="centered">
      <div className="sign-in">
        <p className="brand">
          <Mark />
          {texts.product}
        </p>
        <div className="card sign-in-card">{there?.password_must_change ? <NewPassword panel={there} done={done} /> : <Credentials done={done} />}</div>
        <Demo />
      </div>
    </main>
  );
}

/** The browser phone for guests, where they are allowed. */
function Demo() {
  const [offered, setOffered] = useState(false);
  useEffect(() => {
    let here = true;
    void guestApplications().then((applications) => here && setOffered(applications.length > 0));
    return () => {
      here = false;
    };
  }, []);
  // Its room is kept, so that the page does not move when it comes.
  return (
    <div className="sign-in-demo">
      {offered && (
        <>
          <a className="button" href="/call">
            <Icon name="phone" />
            {words.demo}
          </a>
          <p className="field-help">{words.demoAbout}</p>
        </>
      )}
    </div>
  );
}

function Credentials({ done }: { done: (panel: PanelSession) => void }) {
  const [subuser, setSubuser] = useState(false);
  const [asked, setAsked] = useState<Record<string, string>>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const send = async (body: Record<string, string>) => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await post<Answer>('/panel/sign-in', body);
      if (answer.second_factor_required) setAsked(body);
      else done(answer.result);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const text = (data: FormData, name: string) => String(data.get(name) ?? '');

  if (asked) {
    return (
      <Form key="code" title={words.codeTitle} error={error} onSubmit={(data) => void send({ ...asked, code: text(data, 'code').replace(/\s/g, '') })}>
        <TextField label={words.code} help={words.codeHelp} name="code" autoComplete="one-time-code" isRequired autoFocus mono maxLength={64} />
        <Button kind="primary" type="submit" isPending={busy}>
          {words.codeSubmit}
        </Button>
        <Button
          kind="quiet"
          onPress={() => {
            setAsked(undefined);
            setError(undefined);
          }}
        >
          {words.otherUser}
        </Button>
      </Form>
    );
  }
  return (
    <Form
      key="credentials"
      title={words.title}
      error={error}
      aliases={{ account_name: 'account', account_email: 'account', account_password: 'password', subuser_password: 'password', subuser_name: 'subuser', subuser_login: 'subuser' }}
      onSubmit={(data) => void send({ account: text(data, 'account').trim(), password: text(data, 'password'), ...(subuser ? { subuser: text(data, 'subuser').trim() } : {}) })}
    >
      <TextField label={words.account} name="account" autoComplete={subuser ? 'organization' : 'username'} isRequired autoFocus spellCheck="false" />
      {subuser && <TextField label={words.subuser} name="subuser" autoComplete="username" isRequired autoFocus spellCheck="false" />}
      <TextField label={words.password} name="password" type="password" autoComplete="current-password" isRequired />
      <Button kind="primary" type="submit" isPending={busy}>
        {words.submit}
      </Button>
      <Button kind="quiet" onPress={() => setSubuser(!subuser)}>
        {subuser ? words.asOwner : words.asSubuser}
      </Button>
      <p className="field-help">{words.first}</p>
    </Form>
  );
}

function NewPassword({ panel, done }: { panel: PanelSession; done: (panel: PanelSession) => void }) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const set = async (data: FormData) => {
    const next = String(data.get('new_password'));
    if (next !== data.get('repeat')) return setError(new ApiError([{ code: 0, msg: words.differs, field: 'repeat' }]));
    setBusy(true);
    setError(undefined);
    try {
      await call('ChangePanelPassword', { old_password: String(data.get('old_password')), new_password: next });
      done((await call<{ result: PanelSession }>('GetPanelSession')).result);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form title={words.newTitle} error={error} onSubmit={(data) => void set(data)}>
      <p className="soft">{words.newBody}</p>
      <input className="unseen" name="username" autoComplete="username" value={panel.subuser_name ?? panel.account_name} readOnly tabIndex={-1} aria-hidden="true" />
      <TextField label={words.oldPassword} name="old_password" type="password" autoComplete="current-password" isRequired autoFocus />
      <TextField label={words.newPassword} help={words.rules} name="new_password" type="password" autoComplete="new-password" isRequired />
      <TextField label={words.repeat} name="repeat" type="password" autoComplete="new-password" isRequired />
      <Button kind="primary" type="submit" isPending={busy}>
        {words.newSubmit}
      </Button>
    </Form>
  );
}
