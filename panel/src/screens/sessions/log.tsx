import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useSession } from '@/api';
import { Badge, Bones, Button, Card, Failed, TextField, saveFile } from '@/parts';
import { texts } from '@/texts';
import { parseLine, type SessionLog } from './use-log';
import './sessions.css';

const words = texts.sessions.log;

interface LogProps {
  id: number;
  log: SessionLog & { retry: () => void };
  /** Offers to pause the reading. */
  pausing?: { paused: boolean; set: (paused: boolean) => void };
  /** A line to show, by its number. */
  at?: { line: number };
}

/** The log of a session, of which only the lines in view are in the page. */
export function Log({ id, log, pausing, at }: LogProps) {
  const { location } = useSession();
  const { lines, active, whole, error, retry } = log;
  const box = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(active !== false);
  const [find, setFind] = useState('');
  const [match, setMatch] = useState(0);

  const clock = useMemo(() => {
    const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' };
    try {
      return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: location || 'UTC' });
    } catch {
      return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
  }, [location]);

  const matches = useMemo(() => {
    const wanted = find.toLowerCase();
    return wanted ? lines.flatMap((line, number) => (line.toLowerCase().includes(wanted) ? [number] : [])) : [];
  }, [lines, find]);
  const current = matches[Math.min(match, matches.length - 1)];

  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => 20, overscan: 20 });

  useEffect(() => {
    if (follow && active && lines.length) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follow, active, lines.length, rows]);

  const go = (number: number | undefined) => {
    if (number === undefined) return;
    setFollow(false);
    rows.scrollToIndex(number, { align: 'center' });
  };
  useEffect(() => {
    if (at) go(at.line);
    // A new request to go somewhere is a new object.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at]);

  const step = (by: number) => {
    if (!matches.length) return;
    const next = (Math.min(match, matches.length - 1) + by + matches.length) % matches.length;
    setMatch(next);
    go(matches[next]);
  };
  const onScroll = () => {
    const { current: view } = box;
    if (!view || !active) return;
    setFollow(view.scrollHeight - view.scrollTop - view.clientHeight < 40);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  };

  const state = pausing?.paused ? words.paused : active ? words.live : whole ? words.ended : texts.common.loading;
  return (
    <Card
      title={words.title}
      about={
        <span className="row">
          <Badge tone={active && !pausing?.paused ? 'good' : undefined}>{state}</Badge>
          <span>{words.lines(lines.length)}</span>
        </span>
      }
      actions={
        <>
          {pausing && active && (
            <Button size="small" icon={pausing.paused ? 'play' : 'stop'} onPress={() => pausing.set(!pausing.paused)}>
              {pausing.paused ? words.resume : words.pause}
            </Button>
          )}
          {active && !follow && (
            <Button size="small" onPress={() => setFollow(true)}>
              {words.follow}
            </Button>
          )}
          <Button size="small" icon="download" isDisabled={!lines.length} onPress={() => saveFile(`session-${id}.log`, `${lines.join('\n')}\n`, 'text/plain;charset=utf-8')}>
            {words.download}
          </Button>
        </>
      }
      bare
    >
      <div className="log-find" role="search">
        <div className="grow" onKeyDown={onKey}>
          <TextField
            aria-label={words.find}
            label=""
            placeholder={words.find}
            value={find}
            onChange={(text) => {
              setFind(text);
              setMatch(0);
            }}
            autoComplete="off"
          />
        </div>
        {find && (
          <>
            <span className="soft nowrap" role="status">
              {words.found(matches.length ? Math.min(match, matches.length - 1) + 1 : 0, matches.length)}
            </span>
            <Button kind="icon" icon="chevronLeft" aria-label={words.before} isDisabled={!matches.length} onPress={() => step(-1)} />
            <Button kind="icon" icon="chevronRight" aria-label={words.after} isDisabled={!matches.length} onPress={() => step(1)} />
          </>
        )}
      </div>
      {error !== undefined && <Failed error={error} title={words.failed} retry={retry} />}
      {!lines.length && error === undefined ? (
        <div className="card-body">{active === undefined ? <Bones lines={6} /> : <p className="soft">{active ? words.waiting : words.nothing}</p>}</div>
      ) : (
        <div ref={box} className="log" role="region" aria-label={words.region} tabIndex={0} onScroll={onScroll}>
          <div className="log-lines" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const { at: moment, text } = parseLine(lines[index] ?? '');
              return (
                <div
                  key={index}
                  ref={rows.measureElement}
                  data-index={index}
                  className="log-line"
                  data-tone={toneOf(text)}
                  data-current={index === current || index === at?.line || undefined}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <span className="log-time">{moment === undefined ? '' : clock.format(moment)}</span>
                  <span className="log-text">
                    <Marked text={text} find={find} />
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      )}
    </Card>
  );
}

/** The text with what is looked for marked. */
function Marked({ text, find }: { text: string; find: string }) {
  const wanted = find.toLowerCase();
  const low = text.toLowerCase();
  // Where lower case has another length, places in it are none of the text.
  if (!wanted || low.length !== text.length || !low.includes(wanted)) return text || ' ';
  const parts = [];
  let from = 0;
  for (let to = low.indexOf(wanted); to >= 0; to = low.indexOf(wanted, from)) {
    parts.push(text.slice(from, to), <mark key={to}>{text.slice(to, to + wanted.length)}</mark>);
    from = to + wanted.length;
  }
  parts.push(text.slice(from));
  return parts;
}

export function toneOf(text: string): 'bad' | 'soft' | undefined {
  if (/^(Uncaught|The session was stopped|Terminated (on|by))/.test(text)) return 'bad';
  if (/^(Sent event to JS|Executing JS command|Loading scenario)/.test(text)) return 'soft';
  return undefined;
}
