import { useMemo, useState } from 'react';
import { useApi, useSession, type Rows } from '@/api';
import { Badge, Button, Card, parseTime } from '@/parts';
import { texts } from '@/texts';
import { toneOf } from './log';
import { span, took, toneOfEnd } from './outcome';
import type { CallExplanation, CallInfo, EndedSession } from './types';
import { parseLine } from './use-log';
import './sessions.css';

const words = texts.sessions.session;

interface Moment {
  /** Milliseconds UTC. */
  at: number;
  what: string;
  tone?: 'bad';
  line?: number;
}

/** Events that are listed, and drawn, before one asks for more. */
const FEW = 20;
const MOST = 200;

/** What happened in a session: itself and its calls as bars, events of its log as ticks and as a list. */
export function Timeline({ session, lines, onLine }: { session: EndedSession; lines: readonly string[]; onLine?: (line: number) => void }) {
  const [shown, setShown] = useState(FEW);
  const events = useMemo(() => eventsOf(lines), [lines]);
  const calls = session.calls ?? [];
  const explained = useExplanations(session);
  const endTone = toneOfEnd(session.finish_reason);
  const from = parseTime(session.start_date).getTime();
  const stop = (call: CallInfo) => parseTime(call.start_time).getTime() + call.duration * 1000;
  // The history has whole seconds; the log knows the moment to the millisecond.
  const first = momentOf(lines) ?? from;
  const end = Math.max(momentOf(lines, true) ?? from + session.duration * 1000, first + 1);
  const at = (moment: number) => `${(Math.min(1, Math.max(0, (moment - first) / (end - first))) * 100).toFixed(3)}%`;
  const width = (begin: number, over: number) => `${(Math.min(1, Math.max(0, (over - begin) / (end - first))) * 100).toFixed(3)}%`;

  return (
    <Card title={words.timeline} about={words.timelineAbout}>
      <div className="stack">
        <div className="timeline" aria-hidden="true">
          <span className="timeline-name">{words.track}</span>
          <div className="timeline-track">
            <div className="timeline-bar" data-kind="session" style={{ left: at(first), width: width(first, end) }} />
            {events.slice(0, MOST).map((event, number) => (
              <span key={number} className="timeline-tick" data-tone={event.tone} style={{ left: at(event.at) }} title={event.what} />
            ))}
          </div>
          {calls.map((call) => {
            const begin = parseTime(call.start_time).getTime();
            return [
              <span key={`${call.call_id} name`} className="timeline-name">
                {call.remote_number}
              </span>,
              <div key={call.call_id} className="timeline-track">
                <div className="timeline-bar" data-kind={call.successful ? 'call' : 'failed'} style={{ left: at(begin), width: width(begin, stop(call)) }} />
              </div>,
            ];
          })}
          <div className="timeline-scale">
            <span>{span(0)}</span>
            <span>{took(Math.round((end - first) / 1000), end - first)}</span>
          </div>
        </div>
        {calls.length > 0 && (
          <ul className="stack-tight">
            {calls.map((call) => (
              <li key={call.call_id} className="row">
                <Badge tone={call.successful ? 'good' : 'bad'}>{call.successful ? words.connected : words.failed}</Badge>
                {endTone === 'bad' && <Badge tone="bad">{words.sessionFailed(session.finish_reason ?? '')}</Badge>}
                <span className="break">{call.incoming ? words.callFrom(call.remote_number, call.local_number) : words.callFrom(call.local_number, call.remote_number)}</span>
                <span className="soft">
                  {call.incoming ? words.incoming : words.outgoing}, {took(call.duration)}
                </span>
                <span className="soft break">
                  {call.end_reason.code} {call.end_reason.details}
                </span>
                {explained.has(call.call_id) && (
                  <p className="leg-why break">
                    <strong>{words.why}</strong> {explained.get(call.call_id)}
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
        <ol className="events" aria-label={words.events}>
          <Event at={0} what={words.started} />
          {events.slice(0, shown).map((event, number) => (
            <Event key={number} at={event.at - first} what={event.what} tone={event.tone} onPress={onLine && event.line !== undefined ? () => onLine(event.line ?? 0) : undefined} />
          ))}
          {events.length > shown && (
            <li className="row">
              {shown < MOST ? (
                <Button size="small" kind="quiet" onPress={() => setShown(MOST)}>
                  {texts.sessions.history.more(events.length - shown)}
                </Button>
              ) : (
                <span className="soft">{words.eventsShort(shown, events.length)}</span>
              )}
            </li>
          )}
          <Event at={end - first} what={words.ended(session.finish_reason ?? '–')} tone={endTone === 'bad' ? 'bad' : undefined} />
        </ol>
      </div>
    </Card>
  );
}

/** Why calls failed, or what ended them, by their ids. */
function useExplanations({ call_session_history_id, calls = [] }: EndedSession): Map<number, string> {
  const { may } = useSession();
  const found = useApi<Rows<CallExplanation>>('GetCallExplanations', { call_session_history_id }, { enabled: calls.length > 0 && may('GetCallExplanations') });
  return new Map(found.data?.result.flatMap(({ call_id, explanation }) => (explanation ? [[call_id, explanation]] : [])));
}

function Event({ at, what, tone, onPress }: { at: number; what: string; tone?: 'bad'; onPress?: () => void }) {
  const content = (
    <>
      <span className="event-at">{`+${(at / 1000).toFixed(3)} s`}</span>
      <span className="event-what">{what}</span>
    </>
  );
  return (
    <li>
      {onPress ? (
        <button type="button" className="event" data-tone={tone} onClick={onPress} title={words.toLine}>
          {content}
        </button>
      ) : (
        <div className="event" data-tone={tone}>
          {content}
        </div>
      )}
    </li>
  );
}

const HEARD = /^Sent event to JS (\S+)/;
const DONE = /^Executing JS command: (\S+)/;
const CALLED = /^CallId=\S+: (\w+)/;
const LOADED = /^Loading scenario (.+)/;

function commandOf(text: string): string | undefined {
  const name = DONE.exec(text)?.[1];
  return name && words.command(name);
}

function callEventOf(text: string): string | undefined {
  const name = CALLED.exec(text)?.[1];
  return name && words.callEvent(name);
}

function eventsOf(lines: readonly string[]): Moment[] {
  return lines.flatMap((line, number): Moment[] => {
    const { at, text } = parseLine(line);
    if (at === undefined) return [];
    const what = HEARD.exec(text)?.[1] ?? commandOf(text) ?? callEventOf(text) ?? LOADED.exec(text)?.[0];
    const bad = toneOf(text) === 'bad';
    if (what === undefined && !bad) return [];
    return [{ at, what: what ?? text.slice(0, 300), tone: bad ? 'bad' : undefined, line: number }];
  });
}

/** Milliseconds from the first line of a log to its last; absent without lines. */
export function lengthOf(lines: readonly string[]): number | undefined {
  const [first, last] = [momentOf(lines), momentOf(lines, true)];
  return first === undefined || last === undefined ? undefined : last - first;
}

/** The moment of the first line that has one, or of the last. */
function momentOf(lines: readonly string[], last = false): number | undefined {
  for (let number = 0; number < lines.length; number++) {
    const { at } = parseLine(lines[last ? lines.length - 1 - number : number] ?? '');
    if (at !== undefined) return at;
  }
  return undefined;
}
