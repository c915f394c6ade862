import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useApi, useSession, type Rows } from '@/api';
import { Button, Card, LinkButton, MenuItem, MoreMenu, Nothing, Page, Table, Time, parseTime, rowsOf, usePaging, type Column } from '@/parts';
import { texts } from '@/texts';
import { span } from './outcome';
import { RunDialog } from './run';
import { StopDialog } from './stop';
import { shortName, type LiveSession } from './types';
import './sessions.css';

const words = texts.sessions.live;
const columns = texts.sessions.columns;

/** Between two readings of the list. */
const EVERY_MS = 2_000;

export default function Live() {
  const { may } = useSession();
  const [search, setSearch] = useSearchParams();
  const page = usePaging(50);
  const live = useApi<Rows<LiveSession>>('GetLiveSessions', { count: page.count, offset: page.offset }, { every: EVERY_MS });
  const [stopping, setStopping] = useState<number>();
  const mayRun = may('StartScenarios') && may('GetApplications') && may('GetRules');
  const running = mayRun && search.has('run');
  const run = (open: boolean) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const name of ['run', 'application', 'rule']) after.delete(name);
        if (open) after.set('run', '');
        return after;
      },
      { replace: true },
    );
  const runButton = mayRun && (
    <Button kind="primary" icon="play" onPress={() => run(true)}>
      {texts.sessions.run.title}
    </Button>
  );
  const shown: Column<LiveSession>[] = [
    {
      key: 'session',
      heading: columns.session,
      main: true,
      fit: true,
      cell: ({ call_session_history_id: id }) => (may('GetSessionLog') ? <Link to={`/live/${id}`}>{texts.sessions.one(id)}</Link> : texts.sessions.one(id)),
    },
    {
      key: 'application',
      heading: columns.applicationAndRule,
      cell: (row) => (
        <span className="session-name">
          <span title={row.application_name}>{shortName(row.application_name)}</span>
          <span className="soft break">{row.rule_name || texts.sessions.unknownRule}</span>
        </span>
      ),
    },
    { key: 'started', heading: columns.started, fit: true, cell: (row) => <Time at={row.start_date} seconds /> },
    { key: 'age', heading: columns.age, fit: true, align: 'end', cell: (row) => <Age since={row.start_date} /> },
    { key: 'data', heading: columns.customData, cell: (row) => (row.custom_data ? <code className="clamp">{row.custom_data.slice(0, 400)}</code> : <span className="soft">{texts.sessions.noCustomData}</span>) },
  ];
  if (may('StopSession') || may('GetSessionLog')) {
    shown.push({
      key: 'menu',
      heading: '',
      menu: true,
      cell: ({ call_session_history_id: id }) => (
        <MoreMenu of={texts.sessions.one(id)}>
          {may('GetSessionLog') && (
            <MenuItem icon="log" href={`/live/${id}`}>
              {words.open}
            </MenuItem>
          )}
          {may('StopSession') && (
            <MenuItem icon="stop" tone="bad" onAction={() => setStopping(id)}>
              {words.stop}
            </MenuItem>
          )}
        </MoreMenu>
      ),
    });
  }
  return (
    <Page title={texts.nav.live} about={words.about} actions={runButton}>
      <Card bare>
        <Table
          label={texts.nav.live}
          source={rowsOf(live)}
          rowKey={(row) => row.call_session_history_id}
          columns={shown}
          paging={{ page, total: live.data?.total_count }}
          empty={
            <Nothing icon="live" title={words.none} body={mayRun ? words.noneBody : words.noneBodyPlain}>
              {mayRun && (
                <Button icon="play" onPress={() => run(true)}>
                  {texts.sessions.run.title}
                </Button>
              )}
              {may('GetCallHistory') && <LinkButton to="/history">{words.toHistory}</LinkButton>}
            </Nothing>
          }
        />
      </Card>
      <StopDialog id={stopping} onClose={() => setStopping(undefined)} />
      <RunDialog open={running} onClose={() => run(false)} applicationId={Number(search.get('application')) || undefined} ruleId={Number(search.get('rule')) || undefined} />
    </Page>
  );
}

/** How long something goes on, counted on in the browser. */
export function Age({ since }: { since: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span className="nowrap">{span(Math.max(0, Math.floor((now - parseTime(since).getTime()) / 1000)))}</span>;
}
