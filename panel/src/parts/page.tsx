import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { texts } from '@/texts';
import { Icon } from './icons';

interface PageProps {
  title: string;
  /** One sentence on what the screen is for. */
  about?: ReactNode;
  /** Buttons at the upper right; the main one last. */
  actions?: ReactNode;
  /** Where the screen belongs: a link above the title. */
  back?: { to: string; text: string };
  /** For forms and texts, which read badly at full width. */
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, about, actions, back, narrow, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${texts.product}`;
  }, [title]);
  return (
    <div className="page" data-narrow={narrow || undefined}>
      <header className="page-head">
        <div className="page-head-words">
          {back && (
            <Link className="page-back" to={back.to}>
              <Icon name="chevronLeft" size="small" />
              {back.text}
            </Link>
          )}
          <h1>{title}</h1>
          {about && <p>{about}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface CardProps {
  title?: string;
  about?: ReactNode;
  actions?: ReactNode;
  foot?: ReactNode;
  /** Without padding, for tables. */
  bare?: boolean;
  children?: ReactNode;
}

export function Card({ title, about, actions, foot, bare, children }: CardProps) {
  return (
    <section className="card" aria-label={title}>
      {(title || actions) && (
        <div className="card-head">
          <div>
            {title && <h2>{title}</h2>}
            {about && <p>{about}</p>}
          </div>
          {actions && <div className="row">{actions}</div>}
        </div>
      )}
      {bare ? children : children && <div className="card-body">{children}</div>}
      {foot && <div className="card-foot">{foot}</div>}
    </section>
  );
}
