import { NavLink } from 'react-router';
import { useSession } from '@/api';
import { Icon, Mark } from '@/parts';
import { screens, type Screen } from '@/screens';
import { texts } from '@/texts';

export function Navigation({ onGo }: { onGo?: () => void }) {
  const { may } = useSession();
  const groups = (['main', 'settings'] as const).map((group) => ({
    group,
    rows: screens.filter((screen): screen is Screen & { nav: NonNullable<Screen['nav']> } => screen.nav?.group === group && (!screen.needs || may(screen.needs))),
  }));
  return (
    <nav className="navigation" aria-label={texts.shell.navigation}>
      <NavLink className="brand" to="/" onClick={onGo} aria-label={texts.product}>
        <Mark />
        {texts.product}
      </NavLink>
      <div className="nav">
        {groups.map(
          ({ group, rows }) =>
            rows.length > 0 && (
              <div key={group} className="nav-group">
                {group === 'settings' && <h2>{texts.shell.settings}</h2>}
                <ul>
                  {rows.map(({ path, nav, load }) => (
                    <li key={path}>
                      <NavLink className="nav-link" to={path} end={path === '/'} onClick={onGo} onPointerEnter={() => void load()} onFocus={() => void load()}>
                        <Icon name={nav.icon} />
                        {nav.text}
                      </NavLink>
                    </li>
                  ))}
                  {/* A page of its own, which alone may have the microphone. */}
                  {group === 'main' && may('CreateCallCredential') && (
                    <li>
                      <a className="nav-link" href="/call">
                        <Icon name="phone" />
                        {texts.nav.call}
                      </a>
                    </li>
                  )}
                </ul>
              </div>
            ),
        )}
        <div className="nav-group nav-foot">
          <a className="nav-link" href="/docs">
            <Icon name="book" />
            {texts.shell.reference}
          </a>
        </div>
      </div>
    </nav>
  );
}
