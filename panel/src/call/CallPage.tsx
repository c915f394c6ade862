import { useMemo, useState, type ReactNode } from 'react';
import { Bones, Failed, Mark, Nothing, Notice, Select, type IconName } from '@/parts';
import { texts } from '@/texts';
import { brief } from './brief';
import { Desk } from './Desk';
import { destinations } from './destinations';
import { short, useWho, type Wanted, type Who } from './who';

const words = texts.call;

/** `/call?application=…&user=…&to=…`, each of them optional. */
function address(): Wanted & { to?: string } {
  const search = new URLSearchParams(window.location.search);
  const id = (name: string) => Number(search.get(name)) || undefined;
  return { application: id('application'), user: id('user'), to: search.get('to')?.slice(0, 200) || undefined };
}

/** Where one signs in, or chooses the own password, to come back here. */
const signIn = () => `/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;

const awaitsPassword = (who: Who) => who.is === 'newcomer' || (who.is === 'guest' && who.newPassword);

export function CallPage() {
  const [wanted, setWanted] = useState(address);
  const [who, again] = useWho(wanted);
  const choose = (next: Wanted) => {
    const search = new URLSearchParams(Object.entries(next).flatMap(([name, id]) => (id ? [[name, String(id)]] : [])));
    window.history.replaceState(null, '', `/call?${search}`);
    setWanted(next);
  };
  return (
    <div className="call-page">
      <a className="button skip" href="#content">
        {texts.shell.skip}
      </a>
      <header className="call-head">
        <a className="brand" href="/" aria-label={texts.product}>
          <Mark />
          <span>{texts.product}</span>
        </a>
        {who.is !== 'asking' && !awaitsPassword(who) && (
          <a className="button" data-kind="quiet" href={who.is === 'user' ? '/' : signIn()}>
            {who.is === 'user' ? words.toPanel : words.signIn}
          </a>
        )}
      </header>
      <main id="content" className="call-content" tabIndex={-1}>
        <div className="call-title">
          <div>
            <h1>{words.title}</h1>
            <p className="soft">{words.about}</p>
          </div>
          {who.is === 'user' && who.users.length > 0 && <Choice who={who} choose={choose} />}
        </div>
        <Body who={who} again={again} to={wanted.to} />
      </main>
    </div>
  );
}

function Choice({ who, choose }: { who: Who & { is: 'user' }; choose: (next: Wanted) => void }) {
  const application = who.application?.application_id;
  return (
    <div className="call-as">
      {who.applications.length > 1 && (
        <Select
          label={words.application}
          value={String(application)}
          options={who.applications.map(({ application_id, application_name }) => ({ id: String(application_id), text: short(application_name) }))}
          onChange={(id) => choose({ application: Number(id) })}
        />
      )}
      <Select
        label={words.as}
        value={String(who.user?.user_id)}
        options={who.users.map(({ user_id, user_name, user_display_name }) => ({ id: String(user_id), text: user_name, about: user_display_name === user_name ? undefined : brief(user_display_name) }))}
        onChange={(id) => choose({ application, user: Number(id) })}
      />
    </div>
  );
}

function Body({ who, again, to }: { who: Who; again: () => void; to?: string }) {
  const choices = useMemo(() => destinations(who), [who]);
  switch (who.is) {
    case 'asking':
      return <Bones lines={6} />;
    case 'failed':
      return <Failed title={words.failed} error={who.why} retry={again} />;
    case 'stranger':
      return <Empty icon="lock" title={words.asStranger} body={words.asStrangerBody} href={signIn()} go={words.signIn} />;
    case 'newcomer':
      return <Empty icon="lock" title={words.newPassword} body={words.newPasswordBody} href={signIn()} go={words.choosePassword} />;
    case 'guest':
      return (
        <>
          {who.newPassword && (
            <Notice>
              {words.newPasswordGuest} <a href={signIn()}>{words.choosePassword}</a>
            </Notice>
          )}
          <Desk identity={who.identity} choices={choices} wanted={to} newPassword={who.newPassword} />
        </>
      );
    case 'user':
      if (!who.may) return <Empty icon="lock" title={words.noRight} body={words.noRightBody} href="/" go={words.toPanel} />;
      if (!who.application) return <Empty icon="applications" title={words.noApplication} body={words.noApplicationBody} href="/applications" go={words.toApplications} />;
      if (!who.identity) {
        return <Empty icon="people" title={words.noUser(short(who.application.application_name))} body={words.noUserBody} href={`/applications/${who.application.application_id}/users`} go={words.toUsers} />;
      }
      return (
        <Desk
          key={who.user?.user_id}
          identity={who.identity}
          choices={choices}
          wanted={to}
          history={who.history ? `/history?application_id=${who.application.application_id}` : undefined}
        />
      );
  }
}

function Empty({ icon, title, body, href, go }: { icon: IconName; title: string; body: string; href: string; go: ReactNode }) {
  return (
    <div className="card">
      <Nothing icon={icon} title={title} body={body}>
        <a className="button" data-kind="primary" href={href}>
          {go}
        </a>
      </Nothing>
    </div>
  );
}
