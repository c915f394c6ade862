const PATHS = {
  overview: 'M3 12l9-8 9 8M5.5 10v10h13V10M10 20v-6h4v6',
  applications: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  live: 'M3 12h4l3-8 4 16 3-8h4',
  history: 'M3.5 12a8.5 8.5 0 1 0 2.6-6.1L3.5 8.4M3.5 3.5v4.9h4.9M12 7.5V12l3.2 2',
  key: 'M14.5 3.5a6 6 0 0 0-5.7 7.9L3 17.2V21h3.8v-2.6h2.6v-2.6h1.8l1.4-1.4a6 6 0 1 0 1.9-10.9zM16.5 7.5h.01',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20v-1a5 5 0 0 1 5-5h3a5 5 0 0 1 5 5v1M16 4.3a3.5 3.5 0 0 1 0 6.4M18.5 14.3a5 5 0 0 1 3 4.6V20',
  tree: 'M9 3.5h6v5H9zM3 15.5h6v5H3zM15 15.5h6v5h-6zM12 8.5V12M6 15.5V12h12v3.5',
  shield: 'M12 3l7.5 3v5.5c0 4.6-3.1 8-7.5 9.5-4.4-1.5-7.5-4.9-7.5-9.5V6z',
  lock: 'M5.5 10.5h13v10h-13zM8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2',
  log: 'M6 3.5h9l4 4v13H6zM14.5 3.5V8H19M9.5 12h6M9.5 16h6',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5v-.5a6 6 0 0 1 6-6h3a6 6 0 0 1 6 6v.5',
  book: 'M4 5.5A2.5 2.5 0 0 1 6.5 3H20v15H6.5A2.5 2.5 0 0 0 4 20.5zM4 20.5A2.5 2.5 0 0 0 6.5 21H20v-3',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5',
  menu: 'M4 6.5h16M4 12h16M4 17.5h16',
  more: 'M12 5.5h.01M12 12h.01M12 18.5h.01',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  plus: 'M12 5v14M5 12h14',
  copy: 'M8.5 8.5h12v12h-12zM15.5 8.5v-5h-12v12h5',
  chevronDown: 'M6 9.5l6 6 6-6',
  chevronRight: 'M9.5 6l6 6-6 6',
  chevronLeft: 'M14.5 6l-6 6 6 6',
  arrowUp: 'M12 19V5M6 11l6-6 6 6',
  edit: 'M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4',
  trash: 'M4.5 6.5h15M9 6.5v-3h6v3M6.5 6.5l1 14h9l1-14M10 10.5v6M14 10.5v6',
  download: 'M12 4v11M7 10.5l5 5 5-5M4.5 20h15',
  refresh: 'M20 11.5A8 8 0 0 0 5.7 7L4 9M4 4v5h5M4 12.5A8 8 0 0 0 18.3 17l1.7-2M20 20v-5h-5',
  warning: 'M12 4L2.8 19.5h18.4zM12 10v4.5M12 17h.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5h.01',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  screen: 'M3.5 4.5h17v12h-17zM9 20.5h6M12 16.5v4',
  signOut: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  eyeOff: 'M4 4l16 16M9.9 5.7A9.6 9.6 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.7 3.4M6.2 7.3A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9.5 9.5 0 0 0 4-.9M9.9 9.9a3 3 0 0 0 4.2 4.2',
  code: 'M8.5 7L3.5 12l5 5M15.5 7l5 5-5 5',
  play: 'M7 4.5l12 7.5-12 7.5z',
  stop: 'M6 6h12v12H6z',
  route: 'M6 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM18 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.5 6H15a3 3 0 0 1 0 6H9a3 3 0 0 0 0 6h6.5',
  database: 'M12 9c4.4 0 7.5-1.3 7.5-3S16.4 3 12 3 4.5 4.3 4.5 6 7.6 9 12 9zM4.5 6v12c0 1.7 3.1 3 7.5 3s7.5-1.3 7.5-3V6M4.5 12c0 1.7 3.1 3 7.5 3s7.5-1.3 7.5-3',
  phone: 'M5 3.5h4l1.6 4.6-2.3 1.7a12 12 0 0 0 5.9 5.9l1.7-2.3 4.6 1.6v4a1.6 1.6 0 0 1-1.7 1.5A16.4 16.4 0 0 1 3.5 5.2 1.6 1.6 0 0 1 5 3.5z',
  callIn: 'M18 6L7 17M7 8.5v8.5h8.5',
  callOut: 'M6 18L17 7M8.5 7H17v8.5',
  hangUp: 'M2.8 14.6l.6-2.6c4.6-4.2 12.6-4.2 17.2 0l.6 2.6a1.5 1.5 0 0 1-1.6 1.8l-3-.4a1.5 1.5 0 0 1-1.3-1.3l-.2-1.7a10.6 10.6 0 0 0-6.2 0l-.2 1.7a1.5 1.5 0 0 1-1.3 1.3l-3 .4a1.5 1.5 0 0 1-1.6-1.8z',
  microphone: 'M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5v3M9 20.5h6',
  microphoneOff: 'M4 4l16 16M9 9v2.5a3 3 0 0 0 4.7 2.45M15 11v-4.5a3 3 0 0 0-5.7-1.3M6 11.5a6 6 0 0 0 9.3 5M18 11.5a6 6 0 0 1-.5 2.300M12 17.5v3M9 20.5h6',
  echo: 'M4 9.5v5M8 6v12M12 3.5v17M16 7v10M20 10v4',
  grip: 'M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01',
} as const;

export type IconName = keyof typeof PATHS;

/** A line icon, decoration only: what it stands beside or its button's label says the meaning. */
export function Icon({ name, size }: { name: IconName; size?: 'small' | 'large' }) {
  const dots = name === 'more' || name === 'grip';
  return (
    <svg className="icon" data-size={size} viewBox="0 0 24 24" aria-hidden="true" style={dots ? { strokeWidth: 2.6 } : undefined}>
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The product's mark: two jacks and the cord between them. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect className="brand-plate" width="32" height="32" rx="7" />
      <path className="brand-cord" d="M10 12.3v1.4c0 5.6 12 1.6 12 6" />
      <circle className="brand-jack" cx="10" cy="8.5" r="3.6" />
      <circle className="brand-jack" cx="22" cy="23.5" r="3.6" />
    </svg>
  );
}
