import { Badge } from '@/parts';
import { texts } from '@/texts';

/** Ends that are no failure: the scenario's own, and those that somebody or the clock decided. */
const NORMAL = 'Normal termination';
const STOPPED = ['Terminated administratively', 'Timeout'];

/** How bad an end is. Whatever is not known to be harmless is a failure. */
export function toneOfEnd(reason: string | undefined): 'bad' | 'warn' | undefined {
  if (!reason || reason === NORMAL) return undefined;
  return STOPPED.includes(reason) ? 'warn' : 'bad';
}

/** A finish reason; what did not end by itself stands out. */
export function EndReason({ reason }: { reason?: string }) {
  const tone = toneOfEnd(reason);
  return tone ? <Badge tone={tone}>{reason}</Badge> : <span className="break">{reason ?? '–'}</span>;
}

/** Below this the milliseconds are shown, where they are known. */
const SHORT_MS = 10_000;

/** How long something took. The history has whole seconds, rounded up; `ms` is what its log knows. */
export function took(seconds: number, ms?: number): string {
  if (ms !== undefined && ms < SHORT_MS) return texts.sessions.seconds((ms / 1000).toFixed(3));
  return seconds === 1 ? texts.sessions.atMostASecond : span(seconds);
}

/** `h:mm:ss`, and `m:ss` below an hour. */
export function span(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
