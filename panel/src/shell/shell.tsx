import { useEffect, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { Navigate, Outlet, useLocation, useNavigate, useNavigation } from 'react-router';
import { SessionProvider, useSession, useSessionQuery } from '@/api';
import { Bones, Button, Failed, toastError } from '@/parts';
import { texts } from '@/texts';
import { Navigation } from './navigation';
import { Top } from './top';

/** Everything behind the sign-in. */
export function Shell() {
  const session = useSessionQuery();
  const { pathname, search } = useLocation();
  if (session.isPending) return <div className="page">{<Bones lines={4} />}</div>;
  const signIn = `/sign-in?next=${encodeURIComponent(pathname + search)}`;
  if (session.error && !session.data) {
    return 'code' in session.error && session.error.code === 0 ? <Failed error={session.error} title={texts.failure.unreachable} retry={() => void session.refetch()} /> : <Navigate to={signIn} replace />;
  }
  if (!session.data) return null;
  if (session.data.password_must_change) return <Navigate to={signIn} replace />;
  return (
    <SessionProvider panel={session.data}>
      <Frame />
    </SessionProvider>
  );
}

function Frame() {
  const [drawer, setDrawer] = useState(false);
  const { account_id } = useSession();
  const { pathname } = useLocation();
  const { state } = useNavigation();
  const moved = useMoved(pathname);
  useEffect(() => setDrawer(false), [pathname]);
  return (
    <div className="shell">
      <a className="button skip" href="#content">
        {texts.shell.skip}
      </a>
      {state === 'loading' && <div className="loading-bar" role="progressbar" aria-label={texts.common.loading} />}
      <div className="side">
        <Navigation />
      </div>
      <ModalOverlay className="drawer-veil" isOpen={drawer} onOpenChange={setDrawer} isDismissable>
        <Modal className="drawer">
          <Dialog className="drawer-dialog" aria-label={texts.shell.navigation}>
            <Navigation onGo={() => setDrawer(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
      <div className="main">
        <Top onMenu={() => setDrawer(true)} />
        <Acting />
        <main id="content" className="main-content" tabIndex={-1} ref={moved} key={account_id}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}

/** After going to another screen, reading and tabbing start at its content. */
function useMoved(pathname: string) {
  const [content, setContent] = useState<HTMLElement | null>(null);
  const [last, setLast] = useState(pathname);
  useEffect(() => {
    if (last === pathname) return;
    setLast(pathname);
    window.scrollTo(0, 0);
    // Behind the frame in which a field takes the focus that a key led to: React Aria defers it.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (!document.activeElement || document.activeElement === document.body) content?.focus({ preventScroll: true });
      }),
    );
  }, [pathname, last, content]);
  return setContent;
}

function Acting() {
  const session = useSession();
  const navigate = useNavigate();
  if (!session.acting) return null;
  return (
    <div className="acting" role="region" aria-label={texts.shell.account}>
      <span>{texts.shell.acting(session.account_name)}</span>
      <Button
        size="small"
        icon="chevronLeft"
        onPress={() =>
          void session
            .act()
            .then(() => navigate('/account/child-accounts'))
            .catch(toastError)
        }
      >
        {texts.shell.leaveActing(session.home_account_name)}
      </Button>
    </div>
  );
}
