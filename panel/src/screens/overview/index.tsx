import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useApi, useSession, type Key, type Rows } from '@/api';
import { Badge, Bones, Card, CopyText, Icon, LinkButton, Nothing, Page, Table, Time, rowsOf, wireTime, type IconName } from '@/parts';
import { hasScreen } from '@/screens';
import { texts } from '@/texts';
import './overview.css';

const words = texts.overview;

interface LiveSession {
  call_session_history_id: number;
  application_id: number;
  application_name: string;
  rule_name: string;
  start_date: string;
  custom_data: string;
}

/** The application's name without the account's domain. */
function shortName(name: string): string {
  return name.split('.')[0] ?? name;
}

const MOST_KEYS = 100;

export default function Overview() {
  const session = useSession();
  const { may } = session;
  const applications = useApi<Rows<{ application_id: number; application_name: string }>>('GetApplications', { count: 1 }, { enabled: may('GetApplications') });
  const scenarios = useApi<Rows<unknown>>('GetScenarios', { count: 1 }, { enabled: may('GetScenarios') });
  const keys = useApi<Rows<Key>>('GetKeys', { count: MOST_KEYS }, { enabled: may('GetKeys') });
  const live = useApi<Rows<LiveSession>>('GetLiveSessions', { count: 8 }, { enabled: may('GetLiveSessions'), every: 5_000 });
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const day = useApi<Rows<unknown>>(
    'GetCallHistory',
    { from_date: wireTime(new Date(hour - 86_400_000)), to_date: wireTime(new Date(hour + 3_600_000)), count: 1, with_total_count: true, with_calls: false },
    { enabled: may('GetCallHistory') },
  );
  const application = applications.data?.result[0];
  const rules = useApi<Rows<{ scenarios?: unknown[] }>>('GetRules', { application_id: application?.application_id, with_scenarios: true, count: 20 }, { enabled: may('GetRules') && application !== undefined });
  const keyCount = keys.data?.result.length;
  const base = application ? `/applications/${application.application_id}` : '/applications';

  const ran = total(day.data) === undefined ? undefined : (total(day.data) ?? 0) > 0;
  const bound = rules.data?.result.some((rule) => (rule.scenarios?.length ?? 0) > 0);

  const steps = [
    { id: 'key' as const, done: keyCount === undefined ? undefined : keyCount > 1, to: '/service-accounts/new', needs: 'CreateKey' },
    { id: 'scenario' as const, done: total(scenarios.data) === undefined ? undefined : (total(scenarios.data) ?? 0) > 0, to: application ? `${base}/scenarios` : base, needs: 'AddScenario' },
    // What ran was bound, in whatever application.
    { id: 'rule' as const, done: ran || bound, to: application ? `${base}/rules` : base, needs: 'AddRule' },
    { id: 'run' as const, done: ran, to: application ? `${base}/rules` : base, needs: 'StartScenarios' },
  ].filter(({ needs }) => may(needs));
  const open = steps.filter(({ done }) => done === false);

  return (
    <Page title={words.title} about={words.about(session.account_name)}>
      <ul className="counts">
        {may('GetLiveSessions') && <Count icon="live" to="/live" label={words.live} value={total(live.data)} lively />}
        {may('GetCallHistory') && <Count icon="history" to="/history" label={words.lastDay} value={total(day.data)} />}
        {may('GetApplications') && <Count icon="applications" to="/applications" label={words.applications} value={total(applications.data)} />}
        {may('GetScenarios') && <Count icon="code" to={application ? `${base}/scenarios` : base} label={words.scenarios} value={total(scenarios.data)} />}
        {may('GetKeys') && <Count icon="key" to="/service-accounts" label={words.serviceAccounts} value={keyCount === MOST_KEYS ? words.atLeast(MOST_KEYS) : keyCount} />}
      </ul>
      <div className="overview">
        <div className="stack grow">
          {open.length > 0 && (
            <Card title={words.nextTitle} about={words.nextAbout} bare>
              <ol className="steps">
                {steps.map(({ id, done, to }) => (
                  <li key={id} className="step" data-done={done || undefined}>
                    <span className="step-mark">{done ? <Icon name="check" size="small" /> : null}</span>
                    <div className="grow">
                      <h3>
                        {words.steps[id].title} <span className="unseen">({done ? words.done : words.open})</span>
                      </h3>
                      {!done && <p className="soft">{words.steps[id].body}</p>}
                    </div>
                    {!done && id === open[0]?.id && hasScreen(to) && (
                      <LinkButton to={to} kind="primary">
                        {words.steps[id].go}
                      </LinkButton>
                    )}
                  </li>
                ))}
              </ol>
            </Card>
          )}
          {may('GetLiveSessions') && (
            <Card title={words.liveTitle} actions={hasScreen('/live') && (total(live.data) ?? 0) > 0 ? <Link to="/live">{words.liveAll}</Link> : undefined} bare>
              <Table
                label={words.liveTitle}
                source={rowsOf(live)}
                rowKey={(row) => row.call_session_history_id}
                empty={<Nothing icon="live" title={words.liveNone} body={words.liveNoneBody} />}
                columns={[
                  {
                    key: 'id',
                    heading: words.session,
                    main: true,
                    cell: ({ call_session_history_id: id }) => (hasScreen(`/live/${id}`) ? <Link to={`/live/${id}`}>{id}</Link> : id),
                  },
                  { key: 'application', heading: words.application, cell: (row) => shortName(row.application_name) },
                  { key: 'rule', heading: words.rule, cell: (row) => row.rule_name },
                  { key: 'data', heading: words.customData, cell: (row) => <span className="clamp">{row.custom_data || '–'}</span> },
                  { key: 'start', heading: words.started, cell: (row) => <Time at={row.start_date} brief /> },
                ]}
              />
            </Card>
          )}
        </div>
        <Connect />
      </div>
    </Page>
  );
}

function total(rows: Rows<unknown> | undefined): number | undefined {
  return rows?.total_count;
}

function Count({ icon, label, value, to, lively }: { icon: IconName; label: string; value: ReactNode; to: string; lively?: boolean }) {
  const content = (
    <>
      <span className="count-label">
        <Icon name={icon} size="small" />
        {label}
      </span>
      <span className="count-value" data-lively={lively && Number(value) > 0 ? true : undefined}>
        {typeof value === 'number' ? value.toLocaleString('en') : (value ?? '–')}
      </span>
    </>
  );
  return (
    <li className="card count">
      {hasScreen(to) ? (
        <Link to={to} className="count-link">
          {content}
        </Link>
      ) : (
        <span className="count-link">{content}</span>
      )}
    </li>
  );
}

function Connect() {
  const session = useSession();
  const info = useApi<{ api_address: string }>('GetAccountInfo', {}, { enabled: session.may('GetAccountInfo'), fresh: 60_000 });
  const address = info.data ? `https://${info.data.api_address.replace(/^https?:\/\//, '').replace(/\/$/, '')}/platform_api` : undefined;
  return (
    <div className="overview-aside">
      <Card title={words.connectTitle} about={words.connectAbout}>
        <dl className="facts facts-stacked">
          <dt>{words.apiAddress}</dt>
          <dd>{address ? <CopyText text={address} what={words.apiAddress} /> : <Bones lines={1} />}</dd>
          <dt>{words.accountId}</dt>
          <dd>
            <CopyText text={String(session.account_id)} what={words.accountId} />
          </dd>
          <dt>{words.accountName}</dt>
          <dd>{session.account_name}</dd>
          <dt>{words.zone}</dt>
          <dd>
            <Badge>{session.location || 'UTC'}</Badge>
          </dd>
        </dl>
      </Card>
    </div>
  );
}
