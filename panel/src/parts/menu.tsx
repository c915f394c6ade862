import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger, Popover, Separator, type MenuItemProps } from 'react-aria-components';
import { texts } from '@/texts';
import { Button } from './button';
import { Icon, type IconName } from './icons';

/** The three dots of a row or page. `of` is the name of the thing, for screen readers. */
export function MoreMenu({ of, children }: { of: string; children: ReactNode }) {
  return (
    <MenuTrigger>
      <Button kind="icon" icon="more" aria-label={texts.common.moreFor(of)} />
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu">{children}</AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

/** A menu at any button. */
export function Menu({ button, label, children }: { button: ReactNode; label: string; children: ReactNode }) {
  return (
    <MenuTrigger>
      {button}
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu" aria-label={label}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

export function MenuItem({ icon, tone, children, ...props }: Omit<MenuItemProps, 'children' | 'className'> & { icon?: IconName; tone?: 'bad'; children: ReactNode }) {
  return (
    <AriaMenuItem textValue={typeof children === 'string' ? children : undefined} {...props} className="menu-item" data-tone={tone}>
      {icon && <Icon name={icon} size="small" />}
      <span className="grow">{children}</span>
    </AriaMenuItem>
  );
}

export function MenuLine() {
  return <Separator className="menu-line" />;
}
