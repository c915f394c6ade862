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

/** What one press calls: the example's numbers, and the other users of the application. */
export function destinations(who: Who): Destination[] {
  if ((who.is !== 'guest' && who.is !== 'user') || !who.identity) return [];
  const { name } = who.identity;
  const [application, users] = who.is === 'guest' ? [who.application, who.application.users] : [who.application, who.users];
  const others = users.filter(({ user_name }) => user_name !== name).slice(0, PEOPLE);
  const people = others.map(({ user_name, user_display_name }) => ({ to: user_name, name: user_display_name || user_name, about: texts.call.person(user_name) }));
  return [...(application && short(application.application_name) === 'demo' ? DEMO : []), ...people];
}
