import { useEffect, useReducer, useRef } from 'react';
import { call } from '@/api';

interface Piece {
  result: string;
  next_offset: number;
  active: boolean;
}

export interface SessionLog {
  lines: readonly string[];
  /** Whether the session still runs; absent until the first answer. */
  active?: boolean;
  error?: unknown;
  /** Everything that there is has been read. */
  whole: boolean;
}

/** Between two questions for more of a log at whose end one is. */
const PAUSE_MS = 700;

const NOTHING: SessionLog = { lines: [], whole: false };

/** Reads a session's log from its beginning and goes on while it is written. While `paused`, it asks for nothing. */
export function useSessionLog(id: number, paused: boolean): SessionLog & { retry: () => void } {
  const [log, set] = useReducer((before: SessionLog, next: Partial<SessionLog> | 'anew') => (next === 'anew' ? NOTHING : { ...before, ...next }), NOTHING);
  const [attempt, retry] = useReducer((count: number) => count + 1, 0);
  const state = useRef({ id, offset: 0, lines: [] as string[], whole: false });

  useEffect(() => {
    if (state.current.id !== id) {
      state.current = { id, offset: 0, lines: [], whole: false };
      set('anew');
    }
    if (paused || state.current.whole) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      try {
        const piece = await call<Piece>('GetSessionLog', { call_session_history_id: id, offset: state.current.offset }, stop.signal);
        const own = state.current;
        const advanced = piece.next_offset > own.offset;
        own.offset = piece.next_offset;
        own.whole = !piece.active && !advanced;
        if (piece.result) {
          own.lines = [...own.lines, ...piece.result.replace(/\n$/, '').split('\n')];
        }
        set({ lines: own.lines, active: piece.active, whole: own.whole, error: undefined });
        if (!own.whole) timer = setTimeout(() => void read(), advanced ? 0 : PAUSE_MS);
      } catch (error) {
        if (!stop.signal.aborted) set({ error });
      }
    };
    void read();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id, paused, attempt]);

  return { ...log, retry };
}

const STAMP = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.(\d{3}) (.*)$/s;

export interface LogLine {
  /** Milliseconds UTC; absent on the further lines of a text with several. */
  at?: number;
  text: string;
}

export function parseLine(line: string): LogLine {
  const found = STAMP.exec(line);
  return found ? { at: Date.parse(`${found[1]?.replace(' ', 'T')}.${found[2]}Z`), text: found[3] ?? '' } : { text: line };
}
