import { parseTime } from '@/parts';

const format = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
});

/** A time that the server has already put in the account's zone, in the form of other times. */
export function zonedTime(text: string): string {
  const date = parseTime(text);
  return Number.isNaN(date.getTime()) ? text : format.format(date);
}
