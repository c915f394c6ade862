export type Theme = 'light' | 'dark' | 'system';

const STORE = 'cordboard.theme';

export function theme(): Theme {
  const kept = localStorage.getItem(STORE);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** Shows the theme and remembers it on this device. */
export function setTheme(to: Theme): void {
  if (to === 'system') localStorage.removeItem(STORE);
  else localStorage.setItem(STORE, to);
  showTheme();
}

export function showTheme(): void {
  const to = theme();
  if (to === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = to;
}
