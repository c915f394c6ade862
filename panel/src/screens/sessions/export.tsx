import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call, downloadAddress, reread, useApi, useSession, type Params, type Rows } from '@/api';
import { Button, Checkbox, Dialog, Form, Nothing, Notice, ProgressBar, Time } from '@/parts';
import { texts } from '@/texts';
import { Age } from './live';
import type { EndedSession, Report } from './types';
import './sessions.css';

const words = texts.sessions.export;

/** Rows of a file that is an answer; more go into a report. */
const DIRECT = 1000;

/** The code for dates that are further apart than an answer may span; a report may span any time. */
const TOO_LONG = 569;

interface ExportProps {
  open: boolean;
  onClose: () => void;
  /** The filters of the list, as the server takes them. */
  query: Params;
}

export function ExportDialog({ open, onClose, query }: ExportProps) {
  return (
    <Dialog title={words.title} open={open} onClose={onClose} size="large">
      <Export query={query} />
      <Reports />
    </Dialog>
  );
}

/** Lets the browser save an address of this server. */
function download(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

function Export({ query }: { query: Params }) {
  const queries = useQueryClient();
  const [withCalls, setWithCalls] = useState(false);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string>();
  const [error, setError] = useState<unknown>();

  const run = async () => {
    setBusy(true);
    setError(undefined);
    setSaid(undefined);
    const wanted = { ...query, with_calls: withCalls, with_header: true };
    try {
      const beyond = await call<Rows<EndedSession>>('GetCallHistory', { ...query, count: 1, offset: DIRECT }).then(
        ({ result }) => result.length > 0,
        (failure: unknown) => {
          if (failure instanceof ApiError && failure.code === TOO_LONG) return true;
          throw failure;
        },
      );
      if (beyond) {
        await call('GetCallHistoryAsync', wanted);
        await reread(queries, ['GetHistoryReports']);
        setSaid(words.ordered);
      } else {
        download(downloadAddress('GetCallHistory', { ...wanted, output: 'csv', count: DIRECT }));
        setSaid(words.direct);
      }
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form onSubmit={() => void run()} error={error}>
      <p className="soft">{words.about}</p>
      <Checkbox isSelected={withCalls} onChange={setWithCalls} about={words.withCallsHelp}>
        {words.withCalls}
      </Checkbox>
      <div className="form-actions">
        <Button kind="primary" type="submit" icon="download" isPending={busy}>
          {words.submit}
        </Button>
        <span role="status">{said}</span>
      </div>
    </Form>
  );
}

/** Between two questions whether reports are finished. */
const EVERY_MS = 1_500;

function Reports() {
  const { may } = useSession();
  const [waiting, setWaiting] = useState(false);
  const reports = useApi<Rows<Report>>('GetHistoryReports', { history_type: 'calls;calls_brief', desc_order: true, count: 10 }, { every: waiting ? EVERY_MS : undefined });
  const rows = reports.data?.result ?? [];
  const open = rows.some((report) => !report.completed);
  if (open !== waiting) setWaiting(open);
  if (!may('GetHistoryReports')) return null;
  return (
    <section aria-label={words.reports}>
      <h3>{words.reports}</h3>
      {!rows.length && !reports.isPending && <Nothing icon="download" title={words.reportsNone} body={words.reportsNoneBody} />}
      {rows.length > 0 && !may('DownloadHistoryReport') && <Notice>{words.noDownload}</Notice>}
      {rows.map((report) => (
        <div key={report.history_report_id} className="report">
          {report.completed ? (
            <>
              <div className="grow">
                <div>
                  {words.report(report.history_report_id)}, <Time at={report.created} />
                </div>
                <div className="soft">
                  {words.ready(sessions(report), words.size(report.file_size ?? 0))}
                  {report.store_until && `, ${words.kept(report.store_until)}`}
                </div>
              </div>
              {may('DownloadHistoryReport') && (
                <Button size="small" icon="download" onPress={() => download(downloadAddress('DownloadHistoryReport', { history_report_id: report.history_report_id }))}>
                  {words.download}
                </Button>
              )}
            </>
          ) : (
            <div className="grow">
              <ProgressBar label={`${words.report(report.history_report_id)}: ${words.writing}`} note={<Age since={report.created} />} />
            </div>
          )}
        </div>
      ))}
    </section>
  );
}

function sessions({ calculated_data: data }: Report): string {
  try {
    return Number((JSON.parse(data ?? '{}') as { session_count?: number }).session_count ?? 0).toLocaleString('en');
  } catch {
    return '?';
  }
}
