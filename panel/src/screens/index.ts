import type { ComponentType } from 'react';
import { matchPath } from 'react-router';
import type { IconName } from '@/parts/icons';
import { texts } from '@/texts';

/** True when a screen answers the path; what is not there is not linked to. */
export function hasScreen(path: string): boolean {
  return screens.some((screen) => matchPath(screen.path, path) !== null);
}

/** A thing with a number that a screen is about. */
export type Thing = 'application' | 'scenario' | 'live' | 'ended';

const APPLICATION = { id: 'application' } as const;

export interface Screen {
  /** As react-router writes paths. */
  path: string;
  /** Loads the folder's file, whose default export is the screen. */
  load: () => Promise<{ default: ComponentType }>;
  /** The method without which there is nothing to show; the screen is then not offered. */
  needs?: string;
  /** Whose numbers stand in the path, by the parameter's name. */
  ids?: Readonly<Record<string, Thing>>;
  /** A row of the side navigation; the rows stand in the order below. */
  nav?: { group: 'main' | 'settings'; text: string; icon: IconName };
}

/** Every screen behind the sign-in: one line each. */
export const screens: Screen[] = [
  { path: '/', load: () => import('./overview'), nav: { group: 'main', text: texts.nav.overview, icon: 'overview' } },
  { path: '/applications', load: () => import('./applications'), needs: 'GetApplications', nav: { group: 'main', text: texts.nav.applications, icon: 'applications' } },
  { path: '/applications/:id', load: () => import('./application/shell'), needs: 'GetApplications', ids: APPLICATION },
  { path: '/applications/:id/rules', load: () => import('./application/rules'), needs: 'GetRules', ids: APPLICATION },
  { path: '/applications/:id/scenarios', load: () => import('./application/scenarios'), needs: 'GetScenarios', ids: APPLICATION },
  { path: '/applications/:id/scenarios/:scenarioId', load: () => import('./scenario'), needs: 'GetScenarios', ids: { ...APPLICATION, scenarioId: 'scenario' } },
  { path: '/applications/:id/users', load: () => import('./application/users'), needs: 'GetUsers', ids: APPLICATION },
  { path: '/applications/:id/secrets', load: () => import('./application/secrets'), needs: 'GetSecrets', ids: APPLICATION },
  { path: '/applications/:id/storage', load: () => import('./application/storage'), needs: 'GetKeyValueKeys', ids: APPLICATION },

  { path: '/live', load: () => import('./sessions/live'), needs: 'GetLiveSessions', nav: { group: 'main', text: texts.nav.live, icon: 'live' } },
  { path: '/live/:id', load: () => import('./sessions/live-session'), needs: 'GetSessionLog', ids: { id: 'live' } },
  { path: '/history', load: () => import('./sessions/history'), needs: 'GetCallHistory', nav: { group: 'main', text: texts.nav.history, icon: 'history' } },
  { path: '/history/:id', load: () => import('./sessions/history-session'), needs: 'GetCallHistory', ids: { id: 'ended' } },

  { path: '/service-accounts', load: () => import('./service-accounts/list'), needs: 'GetKeys', nav: { group: 'settings', text: texts.nav.serviceAccounts, icon: 'key' } },
  { path: '/service-accounts/new', load: () => import('./service-accounts/new'), needs: 'CreateKey' },
  { path: '/service-accounts/:id', load: () => import('./service-accounts/editor'), needs: 'GetKeys' },
  { path: '/account/subusers', load: () => import('./account/subusers'), needs: 'GetSubUsers', nav: { group: 'settings', text: texts.nav.subusers, icon: 'people' } },
  { path: '/account/child-accounts', load: () => import('./account/child-accounts'), needs: 'GetChildrenAccounts', nav: { group: 'settings', text: texts.nav.childAccounts, icon: 'tree' } },
  { path: '/account/authorized-ips', load: () => import('./account/authorized-ips'), needs: 'GetAuthorizedAccountIPs', nav: { group: 'settings', text: texts.nav.authorizedIps, icon: 'shield' } },
  { path: '/account/audit-log', load: () => import('./account/audit-log'), needs: 'GetAuditLog', nav: { group: 'settings', text: texts.nav.auditLog, icon: 'log' } },
  { path: '/account/profile', load: () => import('./account/profile'), needs: 'GetAccountInfo', nav: { group: 'settings', text: texts.nav.profile, icon: 'person' } },
  { path: '/account/security', load: () => import('./account/security'), nav: { group: 'settings', text: texts.nav.security, icon: 'lock' } },
];
