import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi, useSession, type AuditEntry, type Rows } from '@/api';
import { Button, Card, Dialog, Form, Nothing, Page, Table, TextField, Time, rowsOf, usePaging } from '@/parts';
import { texts } from '@/texts';

const words = texts.audit;
const FILTERS = ['from_date', 'to_date', 'filtered_cmd', 'filtered_ip', 'advanced_filters'] as const;

/** A `datetime-local` value as the server takes times. */
function wire(local: string): string {
  return local ? `${local.replace('T', ' ')}${local.length === 16 ? ':00' : ''}` : '';
}

function pretty(value: unknown): string {
  if (typeof value === 'string') {
    try {
      return JSON.stringify(JSON.parse(value), null, 2);
    } catch {
      return value;
    }
  }
  return JSON.stringify(value, null, 2);
}

function brief(args: unknown): string {
  if (typeof args === 'string') return args;
  return Object.entries((args ?? {}) as Record<string, unknown>)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

export default function AuditLog() {
  const { location } = useSession();
  const page = usePaging(50);
  const [search, setSearch] = useSearchParams();
  const [shown, setShown] = useState<AuditEntry>();
  const [round, setRound] = useState(0);
  const value = (name: string) => search.get(name) ?? '';
  const log = useApi<Rows<AuditEntry>>('GetAuditLog', {
    from_date: wire(value('from_date')),
    to_date: wire(value('to_date')),
    filtered_cmd: value('filtered_cmd'),
    filtered_ip: value('filtered_ip'),
    advanced_filters: value('advanced_filters'),
    desc_order: true,
    with_total_count: true,
    count: page.count,
    offset: page.offset,
    timezone: location || 'auto',
  });
  const filter = (data: FormData) => setSearch(Object.fromEntries(FILTERS.map((name) => [name, String(data.get(name) ?? '').trim()]).filter(([, text]) => text)));
  const filtered = FILTERS.some((name) => value(name));
  return (
    <Page title={words.title} about={words.about}>
      <Card>
        <Form key={round} onSubmit={filter} error={log.error}>
          <div className="form-grid filters">
            <TextField label={words.from} name="from_date" type="datetime-local" defaultValue={value('from_date')} />
            <TextField label={words.to} name="to_date" type="datetime-local" defaultValue={value('to_date')} />
            <TextField label={words.cmd} name="filtered_cmd" defaultValue={value('filtered_cmd')} placeholder="CreateKey;DeleteKey" mono autoComplete="off" />
            <TextField label={words.ip} name="filtered_ip" defaultValue={value('filtered_ip')} mono autoComplete="off" />
            <TextField label={words.text} name="advanced_filters" defaultValue={value('advanced_filters')} autoComplete="off" />
          </div>
          <div className="form-actions">
            <Button type="submit">{texts.common.apply}</Button>
            {filtered && (
              <Button
                kind="quiet"
                onPress={() => {
                  setSearch({});
                  setRound(round + 1);
                }}
              >
                {texts.common.clear}
              </Button>
            )}
            <span className="field-help">{words.zone(location || 'UTC')}</span>
          </div>
        </Form>
      </Card>
      <Card bare>
        <Table
          label={words.title}
          source={rowsOf(log)}
          rowKey={(row) => row.audit_log_id}
          paging={{ page, total: log.data?.total_count }}
          empty={<Nothing icon="log" title={words.emptyTitle} body={words.emptyBody} />}
          columns={[
            { key: 'method', heading: words.method, main: true, fit: true, cell: (row) => <code>{row.cmd_name}</code> },
            { key: 'args', heading: words.args, cell: (row) => <span className="audit-args soft">{brief(row.cmd_args) || words.noArgs}</span> },
            { key: 'who', heading: words.who, fit: true, cell: (row) => row.subuser_name ?? <span className="soft">{words.owner}</span> },
            { key: 'ip', heading: words.ip, fit: true, cell: (row) => <code>{row.ip}</code> },
            { key: 'time', heading: words.time, fit: true, cell: (row) => <Time at={row.requested} seconds zoned /> },
            {
              key: 'show',
              heading: '',
              menu: true,
              cell: (row) => (
                <Button size="small" onPress={() => setShown(row)} aria-label={`${words.show} ${row.cmd_name} ${row.audit_log_id}`}>
                  {words.show}
                </Button>
              ),
            },
          ]}
        />
      </Card>
      <Dialog title={shown?.cmd_name ?? ''} open={shown !== undefined} onClose={() => setShown(undefined)} size="large">
        {shown && (
          <div className="stack">
            <div className="stack-tight">
              <h3>{words.args}</h3>
              <pre className="code">{pretty(shown.cmd_args)}</pre>
            </div>
            {shown.cmd_result !== undefined && (
              <div className="stack-tight">
                <h3>{words.result}</h3>
                <pre className="code">{pretty(shown.cmd_result)}</pre>
              </div>
            )}
          </div>
        )}
      </Dialog>
    </Page>
  );
}
