import { useState } from 'react';
import { Button as AriaButton, Header, MenuSection } from 'react-aria-components';
import { useNavigate } from 'react-router';
import { useApi, useSession, type AccountInfo, type Rows } from '@/api';
import { Button, Icon, Menu, MenuItem, MenuLine, toastError } from '@/parts';
import { texts } from '@/texts';
import { Search } from './search';
import { setTheme, theme, type Theme } from './theme';

const THEMES = { light: 'sun', dark: 'moon', system: 'screen' } as const;

export function Top({ onMenu }: { onMenu: () => void }) {
  return (
    <header className="top">
      <span className="top-menu">
        <Button kind="icon" icon="menu" aria-label={texts.shell.openNavigation} onPress={onMenu} />
      </span>
      <Search />
      <div className="top-end">
        <AccountSwitch />
        <ThemeSwitch />
        <UserMenu />
      </div>
    </header>
  );
}

/** The accounts that the user can act on: the own one and its children. */
function AccountSwitch() {
  const session = useSession();
  const navigate = useNavigate();
  const children = useApi<Rows<AccountInfo>>('GetChildrenAccounts', { account_id: session.home_account_id, child_account_id: 'all', medium_output: true, count: 12 }, { enabled: session.may('GetChildrenAccounts') && !session.subuser_id, fresh: 60_000 });
  const rows = children.data?.result ?? [];
  if (!session.acting && rows.length === 0) return null;
  const enter = (id?: number) =>
    void session
      .act(id)
      .then(() => navigate('/'))
      .catch(toastError);
  return (
    <Menu
      label={texts.shell.account}
      button={
        <AriaButton className="button top-account" data-kind="quiet" aria-label={texts.shell.accountSwitch(session.account_name)}>
          <Icon name="tree" size="small" />
          <span>{session.account_name}</span>
          <Icon name="chevronDown" size="small" />
        </AriaButton>
      }
    >
      <MenuSection>
        <Header className="menu-head">{texts.shell.ownAccount}</Header>
        <MenuItem onAction={() => enter()}>{session.home_account_name}</MenuItem>
      </MenuSection>
      {rows.length > 0 && (
        <MenuSection>
          <Header className="menu-head">{texts.shell.childAccounts}</Header>
          {rows.map(({ account_id, account_name }) => (
            <MenuItem key={account_id} onAction={() => enter(account_id)}>
              {account_name}
            </MenuItem>
          ))}
        </MenuSection>
      )}
      <MenuLine />
      <MenuItem onAction={() => void navigate('/account/child-accounts')}>{texts.shell.manageChildren}</MenuItem>
    </Menu>
  );
}

function ThemeSwitch() {
  const [now, setNow] = useState<Theme>(theme);
  return (
    <Menu label={texts.shell.theme.label} button={<Button kind="icon" icon={THEMES[now]} aria-label={`${texts.shell.theme.label}: ${texts.shell.theme[now]}`} />}>
      {(Object.keys(THEMES) as Theme[]).map((one) => (
        <MenuItem
          key={one}
          icon={THEMES[one]}
          onAction={() => {
            setTheme(one);
            setNow(one);
          }}
        >
          {texts.shell.theme[one]}
        </MenuItem>
      ))}
    </Menu>
  );
}

function UserMenu() {
  const session = useSession();
  const navigate = useNavigate();
  const name = session.subuser_name ?? session.home_account_name;
  return (
    <Menu label={texts.shell.user} button={<Button kind="icon" icon="person" aria-label={texts.shell.user} />}>
      <MenuSection>
        <Header className="menu-head break">{texts.shell.signedInAs(name)}</Header>
        <MenuItem icon="person" onAction={() => void navigate('/account/profile')}>
          {texts.nav.profile}
        </MenuItem>
        <MenuItem icon="lock" onAction={() => void navigate('/account/security')}>
          {texts.nav.security}
        </MenuItem>
      </MenuSection>
      <MenuLine />
      <MenuItem icon="signOut" onAction={() => void session.signOut()}>
        {texts.shell.signOut}
      </MenuItem>
    </Menu>
  );
}
