import { useState } from 'react';
import { useParams } from 'react-router';
import { ApiError, useApi, useSession, type Rows } from '@/api';
import { Badge, Button, Card, LinkButton, Nothing, Notice, Page, Time } from '@/parts';
import { texts } from '@/texts';
import { Age } from './live';
import { Log } from './log';
import { ControlRequest } from './request';
import { StopDialog } from './stop';
import { shortName, type LiveSession } from './types';
import { useSessionLog } from './use-log';
import { SessionUser } from './user';
import './sessions.css';

const words = texts.sessions.live;
const columns = texts.sessions.columns;

/** Sessions that an account may have at once, and so rows that are looked through for one. */
const MOST = 10_000;

export default function LiveSessionScreen() {
  const id = Number(useParams().id);
  const { may } = useSession();
  const [paused, setPaused] = useState(false);
  const [stopping, setStopping] = useState(false);
  const log = useSessionLog(id, paused);
  const live = useApi<Rows<LiveSession>>('GetLiveSessions', { count: MOST }, { enabled: may('GetLiveSessions'), fresh: 60_000 });
  const facts = live.data?.result.find((row) => row.call_session_history_id === id);
  const back = { to: '/live', text: texts.nav.live };
  const runs = log.active === true;

  if (log.error instanceof ApiError && log.error.field === 'call_session_history_id') {
    return (
      <Page title={texts.sessions.one(id)} back={back}>
        <Card>
          <Nothing icon="live" title={words.unknown} body={words.unknownBody}>
            <LinkButton to="/live">{texts.nav.live}</LinkButton>
          </Nothing>
        </Card>
      </Page>
    );
  }
  return (
    <Page
      title={texts.sessions.one(id)}
      back={back}
      about={log.active === undefined ? undefined : <Badge tone={runs ? 'good' : undefined}>{runs ? words.runs : words.over}</Badge>}
      actions={
        runs &&
        may('StopSession') && (
          <Button kind="danger" icon="stop" onPress={() => setStopping(true)}>
            {words.stop}
          </Button>
        )
      }
    >
      {log.active === false && (
        <Notice>
          <span className="row row-apart">
            {words.ended}
            {may('GetCallHistory') && (
              <LinkButton size="small" to={`/history/${id}`}>
                {words.endedOpen}
              </LinkButton>
            )}
          </span>
        </Notice>
      )}
      <div className={facts || runs ? 'beside' : undefined}>
        <Log id={id} log={log} pausing={{ paused, set: setPaused }} />
        <div className="stack">
          {facts && (
            <Card title={words.facts}>
              <dl className="facts">
                <dt>{columns.application}</dt>
                <dd title={facts.application_name}>{shortName(facts.application_name)}</dd>
                <dt>{columns.rule}</dt>
                <dd className="break">{facts.rule_name || texts.sessions.unknownRule}</dd>
                {facts.user_id !== undefined && (
                  <>
                    <dt>{columns.user}</dt>
                    <dd>
                      <SessionUser application={facts.application_id} user={facts.user_id} />
                    </dd>
                  </>
                )}
                <dt>{columns.started}</dt>
                <dd>
                  <Time at={facts.start_date} seconds />
                </dd>
                {runs && (
                  <>
                    <dt>{columns.age}</dt>
                    <dd>
                      <Age since={facts.start_date} />
                    </dd>
                  </>
                )}
                <dt>{columns.customData}</dt>
                <dd>
                  {facts.custom_data ? (
                    <code className="scroll-text" tabIndex={facts.custom_data.length > 400 ? 0 : undefined}>
                      {facts.custom_data}
                    </code>
                  ) : (
                    <span className="soft">{texts.sessions.noCustomData}</span>
                  )}
                </dd>
              </dl>
            </Card>
          )}
          {runs && may('SendSessionRequest') && <ControlRequest id={id} />}
        </div>
      </div>
      <StopDialog id={stopping ? id : undefined} onClose={() => setStopping(false)} />
    </Page>
  );
}
