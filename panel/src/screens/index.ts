import type { ComponentType } from 'react';
import type { IconName } from '@/parts/icons';
import { texts } from '@/texts';

export interface Screen {
  /** As react-router writes paths. */
  path: string;
  /** Loads the folder's file, whose default export is the screen. */
  load: () => Promise<{ default: ComponentType }>;
  /** The method without which there is nothing to show; the screen is then not offered. */
  needs?: string;
  /** A row of the side navigation; the rows stand in the order below. */
  nav?: { group: 'main' | 'settings'; text: string; icon: IconName };
}

/** Every screen behind the sign-in: one line each. */
export const screens: Screen[] = [
  { path: '/', load: () => import('./overview'), nav: { group: 'main', text: texts.nav.overview, icon: 'overview' } },

  { path: '/live', load: () => import('./sessions/live'), needs: 'GetLiveSessions', nav: { group: 'main', text: texts.nav.live, icon: 'live' } },
  { path: '/live/:id', load: () => import('./sessions/live-session'), needs: 'GetSessionLog' },
  { path: '/history', load: () => import('./sessions/history'), needs: 'GetCallHistory', nav: { group: 'main', text: texts.nav.history, icon: 'history' } },
  { path: '/history/:id', load: () => import('./sessions/history-session'), needs: 'GetCallHistory' },

  { path: '/service-accounts', load: () => import('./service-accounts/list'), needs: 'GetKeys', nav: { group: 'settings', text: texts.nav.serviceAccounts, icon: 'key' } },
];
