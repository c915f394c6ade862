import { useSession } from '@/api/session';
import { texts } from '@/texts';

/** A server time, `YYYY-MM-DD HH:MM:SS` in UTC. */
export function parseTime(text: string): Date {
  return new Date(`${text.trim().replace(' ', 'T')}${/Z|[+-]\d\d:?\d\d$/.test(text) ? '' : 'Z'}`);
}

/** A time as the server takes it. */
export function wireTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, seconds: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${seconds}`;
  let made = formats.get(key);
  if (!made) {
    const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(seconds ? { second: '2-digit' } : {}) };
    try {
      made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    formats.set(key, made);
  }
  return made;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
  ['year', Infinity],
];

/** “3 minutes ago” */
export function ago(date: Date, now = Date.now()): string {
  let span = (date.getTime() - now) / 1000;
  for (const [unit, length] of STEPS) {
    if (Math.abs(span) < length) return relative.format(Math.trunc(span), unit);
    span /= length;
  }
  return '';
}

interface TimeProps {
  /** As the server writes it; absent or empty shows `none`. */
  at?: string | null;
  none?: string;
  seconds?: boolean;
  /** The text is in the account's zone already, as methods with a `timezone` answer. */
  zoned?: boolean;
  /** The relative time in view and the full one on hover; otherwise the other way round. */
  brief?: boolean;
}

/** A time in the account's zone. */
export function Time({ at, none = '–', seconds = false, brief = false, zoned = false }: TimeProps) {
  const { location } = useSession();
  if (!at) return <span className="soft nowrap">{none}</span>;
  const date = parseTime(at);
  if (Number.isNaN(date.getTime())) return <span>{at}</span>;
  if (zoned) return <span className="nowrap">{format('UTC', seconds).format(date)}</span>;
  const full = format(location || 'UTC', seconds).format(date);
  const hint = ago(date);
  return (
    <time dateTime={date.toISOString()} title={brief ? `${full} (${texts.time.utc(wireTime(date))})` : `${hint} (${texts.time.utc(wireTime(date))})`} className="nowrap">
      {brief ? hint : full}
    </time>
  );
}

/** Times of the server in the zone, as a plain text. */
export function useTimeText(): (at: string, seconds?: boolean) => string {
  const { location } = useSession();
  return (at, seconds = false) => format(location || 'UTC', seconds).format(parseTime(at));
}
