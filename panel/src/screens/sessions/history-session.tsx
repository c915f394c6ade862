import { useState, type ReactNode } from 'react';
import { useParams } from 'react-router';
import { useApi, useSession, type Rows } from '@/api';
import { Card, Failed, LinkButton, Bones, Nothing, Page, Time } from '@/parts';
import { texts } from '@/texts';
import { Log } from './log';
import { EndReason, took } from './outcome';
import { lengthOf, Timeline } from './timeline';
import { shortName, type EndedSession } from './types';
import { useSessionLog } from './use-log';
import { SessionUser } from './user';
import './sessions.css';

const words = texts.sessions.session;
const columns = texts.sessions.columns;

export default function HistorySession() {
  const id = Number(useParams().id);
  const { may } = useSession();
  const found = useApi<Rows<EndedSession>>('GetCallHistory', { call_session_history_id: id, with_calls: true, with_records: true });
  const session = found.data?.result.find((row) => row.call_session_history_id === id);
  const back = { to: '/history', text: texts.nav.history };
  if (!session) {
    return (
      <Page title={texts.sessions.one(id)} back={back}>
        <Card>
          {found.isPending ? (
            <Bones lines={6} />
          ) : found.error ? (
            <Failed error={found.error} retry={() => void found.refetch()} />
          ) : (
            <Nothing icon="history" title={words.unknown} body={words.unknownBody}>
              {may('GetSessionLog') && <LinkButton to={`/live/${id}`}>{words.openLive}</LinkButton>}
            </Nothing>
          )}
        </Card>
      </Page>
    );
  }
  return (
    <Page title={texts.sessions.one(id)} back={back}>
      {may('GetSessionLog') ? <WithLog session={session} /> : <Beside session={session} timeline={<Timeline session={session} lines={[]} />} />}
    </Page>
  );
}

function WithLog({ session }: { session: EndedSession }) {
  const id = session.call_session_history_id;
  const log = useSessionLog(id, false);
  const [at, setAt] = useState<{ line: number }>();
  return (
    <Beside
      session={session}
      ms={log.whole ? lengthOf(log.lines) : undefined}
      timeline={
        <>
          <Timeline session={session} lines={log.lines} onLine={(line) => setAt({ line })} />
          <Log id={id} log={log} at={at} />
        </>
      }
    />
  );
}

/** What happened, and the facts beside it. `ms` is how long the session ran, where its log says it. */
function Beside({ session, ms, timeline }: { session: EndedSession; ms?: number; timeline: ReactNode }) {
  const { may } = useSession();
  return (
    <div className="beside">
      <div className="stack">{timeline}</div>
      <Card title={texts.sessions.live.facts}>
        <dl className="facts">
          <dt>{columns.application}</dt>
          <dd>{may('GetApplications') ? <span title={session.application_name}>{shortName(session.application_name)}</span> : session.application_name}</dd>
          <dt>{columns.rule}</dt>
          <dd className="break">{session.rule_name || texts.sessions.unknownRule}</dd>
          {session.user_id !== undefined && (
            <>
              <dt>{columns.user}</dt>
              <dd>
                <SessionUser application={session.application_id} user={session.user_id} />
              </dd>
            </>
          )}
          <dt>{columns.started}</dt>
          <dd>
            <Time at={session.start_date} seconds />
          </dd>
          <dt>{columns.duration}</dt>
          <dd>{took(session.duration, ms)}</dd>
          <dt>{columns.reason}</dt>
          <dd>
            <EndReason reason={session.finish_reason} />
          </dd>
          <dt>{columns.address}</dt>
          <dd>{session.initiator_address || '–'}</dd>
          <dt>{columns.mediaServer}</dt>
          <dd className="break">{session.media_server_address || '–'}</dd>
          <dt>{columns.customData}</dt>
          <dd>
            {session.custom_data ? (
              <code className="scroll-text" tabIndex={session.custom_data.length > 400 ? 0 : undefined}>
                {session.custom_data}
              </code>
            ) : (
              <span className="soft">{texts.sessions.noCustomData}</span>
            )}
          </dd>
        </dl>
      </Card>
    </div>
  );
}
