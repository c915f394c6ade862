import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useApi, useSession, type Params, type Rows } from '@/api';
import { Badge, Button, Card, Fold, Form, Icon, LinkButton, Nothing, Notice, Page, Select, Table, TextField, fieldSentence, rowsOf, usePaging, type Column } from '@/parts';
import { texts } from '@/texts';
import { ExportDialog } from './export';
import { EndReason, took } from './outcome';
import { shortName, type ApplicationRow, type EndedSession, type RuleRow } from './types';
import { zonedTime } from './zone';
import './sessions.css';

const words = texts.sessions.history;
const columns = texts.sessions.columns;
const way = texts.sessions.session;

/** The server's filters, as they stand in the address. */
const FILTERS = [
  'from_date',
  'to_date',
  'application_id',
  'rule_name',
  'user_id',
  'remote_number',
  'local_number',
  'call_session_history_custom_data',
  'call_session_history_id',
  'min_duration',
  'max_duration',
] as const;

/** Those that few people need, folded away until one is set. */
const RARE = FILTERS.slice(4);

/** Rows that the server skips at most. */
const DEEPEST = 10_000;

const MOST = 1000;

export default function History() {
  const { may, location } = useSession();
  const [search, setSearch] = useSearchParams();
  const page = usePaging(50);
  const [exporting, setExporting] = useState(false);

  const filters: Params = Object.fromEntries(FILTERS.flatMap((name) => (search.get(name) ? [[name, search.get(name)]] : [])));
  const filtered = Object.keys(filters).length > 0;
  const query: Params = { ...filters, timezone: 'auto', desc_order: true };
  const found = useApi<Rows<EndedSession>>('GetCallHistory', { ...query, with_calls: true, count: page.count, offset: page.offset });
  const rows = found.data?.result ?? [];
  const deep = page.offset >= DEEPEST && rows.length === page.count;
  const oldest = rows.at(-1)?.start_date;

  const shown: Column<EndedSession>[] = [
    {
      key: 'session',
      heading: columns.session,
      main: true,
      fit: true,
      cell: ({ call_session_history_id: id }) => <Link to={`/history/${id}`}>{texts.sessions.one(id)}</Link>,
    },
    { key: 'started', heading: columns.started, fit: true, cell: (row) => <span className="nowrap">{zonedTime(row.start_date)}</span> },
    { key: 'duration', heading: columns.duration, fit: true, align: 'end', cell: (row) => <span className="nowrap">{took(row.duration)}</span> },
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
    { key: 'numbers', heading: columns.numbers, cell: (row) => <Numbers session={row} /> },
    { key: 'data', heading: columns.customData, cell: (row) => (row.custom_data ? <code className="clamp">{row.custom_data.slice(0, 400)}</code> : <span className="soft">–</span>) },
    { key: 'reason', heading: columns.reason, cell: (row) => <div className="session-end"><EndReason reason={row.finish_reason} /></div> },
  ];

  return (
    <Page
      title={texts.nav.history}
      about={words.about(!location || location === 'Etc/GMT' ? 'UTC' : location)}
      actions={
        may('GetCallHistoryAsync') && (
          <Button icon="download" onPress={() => setExporting(true)}>
            {texts.sessions.export.open}
          </Button>
        )
      }
    >
      <Filters
        key={search.toString()}
        search={search}
        filtered={filtered}
        error={found.error}
        apply={(next) => setSearch(next)}
      />
      <Card bare>
        <Table
          label={texts.nav.history}
          source={rowsOf(found)}
          rowKey={(row) => row.call_session_history_id}
          columns={shown}
          paging={{ page, total: deep ? page.offset + rows.length : undefined }}
          empty={
            <Nothing icon="history" title={filtered ? words.noneFiltered : words.none} body={filtered ? words.noneFilteredBody : words.noneBody}>
              {filtered ? (
                <Button onPress={() => setSearch({})}>{words.clear}</Button>
              ) : (
                may('GetLiveSessions') && <LinkButton to="/live">{words.toLive}</LinkButton>
              )}
            </Nothing>
          }
        />
      </Card>
      {deep && oldest && (
        <Notice>
          <span className="row row-apart">
            {words.deep((page.offset + rows.length).toLocaleString('en'))}
            <Button
              size="small"
              onPress={() =>
                setSearch((before) => {
                  const after = new URLSearchParams(before);
                  after.set('to_date', oldest);
                  after.delete('offset');
                  return after;
                })
              }
            >
              {words.deeper}
            </Button>
          </span>
        </Notice>
      )}
      <ExportDialog open={exporting} onClose={() => setExporting(false)} query={query} />
    </Page>
  );
}

/** Numbers of the first calls, which way they went, and which of them failed. */
function Numbers({ session }: { session: EndedSession }) {
  const calls = session.calls ?? [];
  if (!calls.length) return <span className="soft">–</span>;
  return (
    <span className="stack-tight">
      {calls.slice(0, 2).map((call) => (
        <span key={call.call_id} className="session-call">
          <span className="session-way" title={call.incoming ? way.incoming : way.outgoing}>
            <Icon name={call.incoming ? 'callIn' : 'callOut'} size="small" />
            <span className="unseen">{call.incoming ? way.incoming : way.outgoing}</span>
          </span>
          <span className="session-name">
            <span className="break">{call.incoming ? call.remote_number : call.local_number}</span>
            <span className="break">→ {call.incoming ? call.local_number : call.remote_number}</span>
          </span>
          {!call.successful && <Badge tone="bad">{way.failed}</Badge>}
        </span>
      ))}
      {calls.length > 2 && <span className="soft">{words.more(calls.length - 2)}</span>}
    </span>
  );
}

interface FiltersProps {
  search: URLSearchParams;
  filtered: boolean;
  error: unknown;
  apply: (next: URLSearchParams) => void;
}

function Filters({ search, filtered, error, apply }: FiltersProps) {
  const { may } = useSession();
  const [application, setApplication] = useState(search.get('application_id') ?? '');
  const [rule, setRule] = useState(search.get('rule_name') ?? '');
  const applications = useApi<Rows<ApplicationRow>>('GetApplications', { count: MOST }, { enabled: may('GetApplications'), fresh: 60_000 });
  const rules = useApi<Rows<RuleRow>>('GetRules', { application_id: application, count: MOST }, { enabled: may('GetRules') && application !== '', fresh: 60_000 });
  const value = (name: string) => search.get(name) ?? '';
  const submit = (data: FormData) => {
    const next = new URLSearchParams();
    for (const name of FILTERS) {
      const text = String(data.get(name) ?? '').trim();
      if (text) next.set(name, name.endsWith('_date') ? text.replace('T', ' ').replace(/^(\S+ \d\d:\d\d)$/, name === 'to_date' ? '$1:59' : '$1:00') : text);
    }
    if (application) next.set('application_id', application);
    if (application && rule) next.set('rule_name', rule);
    apply(next);
  };
  const moment = (name: string) => value(name).replace(' ', 'T').slice(0, 19);
  const applicationRows = applications.data?.result ?? [];
  const known = application === '' || applicationRows.some((one) => String(one.application_id) === application);
  const ruleRows = application && !rules.isPlaceholderData ? (rules.data?.result ?? []) : [];
  const plain = { autoComplete: 'off', spellCheck: 'false' } as const;
  return (
    <Card title={words.filters}>
      <Form onSubmit={submit} error={error} shownElsewhere={['application_id', 'rule_name']}>
        <div className="form-grid">
          <TextField label={words.from} name="from_date" type={'datetime-local' as 'text'} defaultValue={moment('from_date')} />
          <TextField label={words.to} name="to_date" type={'datetime-local' as 'text'} defaultValue={moment('to_date')} />
          {may('GetApplications') && (
            <Select
              label={words.application}
              value={application || 'all'}
              onChange={(id) => {
                setApplication(id === 'all' ? '' : id);
                setRule('');
              }}
              help={fieldSentence(error, 'application_id')}
              options={[
                { id: 'all', text: words.allApplications },
                ...(known ? [] : [{ id: application, text: application }]),
                ...applicationRows.map((one) => ({ id: String(one.application_id), text: shortName(one.application_name) })),
              ]}
            />
          )}
          {may('GetRules') && (
            <Select
              key={application}
              label={words.rule}
              value={rule ? `=${rule}` : 'all'}
              onChange={(id) => setRule(id === 'all' ? '' : id.slice(1))}
              isDisabled={!application}
              help={application ? fieldSentence(error, 'rule_name') : words.ruleHelp}
              options={[
                { id: 'all', text: words.allRules },
                ...(!rule || ruleRows.some((one) => one.rule_name === rule) ? [] : [{ id: `=${rule}`, text: rule }]),
                ...ruleRows.map((one) => ({ id: `=${one.rule_name}`, text: one.rule_name })),
              ]}
            />
          )}
        </div>
        <Fold summary={words.moreFilters} open={RARE.some((name) => value(name) !== '')}>
          <div className="form-grid filters-more">
            <TextField label={words.remoteNumber} name="remote_number" defaultValue={value('remote_number')} help={words.list} {...plain} />
            <TextField label={words.localNumber} name="local_number" defaultValue={value('local_number')} help={words.list} {...plain} />
            <TextField label={words.user} name="user_id" defaultValue={value('user_id')} help={words.list} {...plain} />
            <TextField label={words.ids} name="call_session_history_id" defaultValue={value('call_session_history_id')} help={words.list} {...plain} />
            <TextField label={words.customData} name="call_session_history_custom_data" defaultValue={value('call_session_history_custom_data')} help={words.customDataHelp} {...plain} />
            <TextField label={words.minDuration} name="min_duration" inputMode="numeric" defaultValue={value('min_duration')} {...plain} />
            <TextField label={words.maxDuration} name="max_duration" inputMode="numeric" defaultValue={value('max_duration')} {...plain} />
          </div>
        </Fold>
        <div className="form-actions">
          <Button kind="primary" type="submit">
            {words.apply}
          </Button>
          {filtered && (
            <Button kind="quiet" onPress={() => apply(new URLSearchParams())}>
              {words.clear}
            </Button>
          )}
        </div>
      </Form>
    </Card>
  );
}
