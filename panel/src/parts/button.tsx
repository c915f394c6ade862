import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Link as RouterLink, type LinkProps } from 'react-router';
import { Icon, type IconName } from './icons';

type Kind = 'primary' | 'danger' | 'quiet' | 'icon';

interface Look {
  kind?: Kind;
  size?: 'small';
  icon?: IconName;
  children?: ReactNode;
}

/** `kind="icon"` needs `aria-label`. `isPending` shows a spinner and takes no presses. */
export function Button({ kind, size, icon, children, isPending, ...props }: Look & Omit<AriaButtonProps, 'children' | 'className'>) {
  return (
    <AriaButton {...props} isPending={isPending} className="button" data-kind={kind} data-size={size}>
      {isPending ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={size === 'small' ? 'small' : undefined} />}
      {children}
    </AriaButton>
  );
}

/** A link that looks like a button. */
export function LinkButton({ kind, size, icon, children, ...props }: Look & Omit<LinkProps, 'className'>) {
  return (
    <RouterLink {...props} className="button" data-kind={kind} data-size={size}>
      {icon && <Icon name={icon} size={size === 'small' ? 'small' : undefined} />}
      {children}
    </RouterLink>
  );
}
