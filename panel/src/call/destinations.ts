import { texts } from '@/texts';
import { short, type Who } from './who';

export interface Destination {
  to: string;
  name: string;
  about?: string;
}

/** The other people to choose from at most; others are typed. */
const PEOPLE = 6;

/** What the example application answers. */
const DEMO: Destination[] = [
  { to: 'menu', ...texts.call.demo.menu },
  { to: 'echo', ...texts.call.demo.echo },
];

export const isDemo = (application: string | undefined) => application !== undefined && short(application) === 'demo';

/** What one press calls: the example's numbers, and the other users of the application. */
export function destinations(who: Who): Destination[] {
  if (who.is === 'guest') return isDemo(who.application) ? DEMO : [];
  if (who.is !== 'user' || !who.user) return [];
  const others = who.users.filter(({ user_id }) => user_id !== who.user?.user_id).slice(0, PEOPLE);
  const people = others.map(({ user_name, user_display_name }) => ({ to: user_name, name: user_display_name || user_name, about: texts.call.person(user_name) }));
  return [...(isDemo(who.application?.application_name) ? DEMO : []), ...people];
}
