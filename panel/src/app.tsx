import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { I18nProvider, RouterProvider as AriaRouter } from 'react-aria-components';
import { createBrowserRouter, Link, Outlet, RouterProvider, useNavigate, useParams, useRouteError, type Params, type RouteObject } from 'react-router';
import { ApiError, SESSION_QUERY, setActingAccount, useSession, whenSignedOut } from './api';
import { Card, Failed, LinkButton, Nothing, Page, Toasts, type IconName } from './parts';
import { screens, type Screen, type Thing } from './screens';
import { Shell } from './shell/shell';
import { texts } from './texts';

const queries = new QueryClient({
  defaultOptions: { queries: { retry: (count, error) => count < 2 && error instanceof ApiError && error.code === 0, refetchOnWindowFocus: true }, mutations: { retry: false } },
});

function Root() {
  const navigate = useNavigate();
  return (
    <AriaRouter navigate={(to) => void navigate(to)}>
      <Outlet />
      <Toasts />
    </AriaRouter>
  );
}

function Broken() {
  const error = useRouteError();
  return <Failed error={error} retry={() => window.location.reload()} />;
}

function NotFound() {
  return (
    <Page title={texts.failure.notFound} about={texts.failure.notFoundBody}>
      <div className="row">
        <Link className="button" to="/">
          {texts.failure.toOverview}
        </Link>
      </div>
    </Page>
  );
}

/** What the page says of an address whose number is none, and where it leads. */
const NO_SUCH: Record<Thing, (params: Params) => { icon: IconName; title: string; body: string; to: string; go: string }> = {
  application: () => ({ icon: 'applications', title: texts.application.gone, body: texts.application.goneBody, to: '/applications', go: texts.application.toList }),
  scenario: ({ id }) => ({ icon: 'code', title: texts.scenario.gone, body: texts.scenario.goneBody, to: `/applications/${id}/scenarios`, go: texts.scenario.toList }),
  live: () => ({ icon: 'live', title: texts.sessions.live.unknown, body: texts.sessions.live.unknownBody, to: '/live', go: texts.nav.live }),
  ended: () => ({ icon: 'history', title: texts.sessions.session.unknown, body: texts.sessions.session.unknownBody, to: '/history', go: texts.nav.history }),
};

function NoSuch({ thing }: { thing: Thing }) {
  const { icon, title, body, to, go } = NO_SUCH[thing](useParams());
  return (
    <Page title={texts.failure.notFound}>
      <Card>
        <Nothing icon={icon} title={title} body={body}>
          <LinkButton to={to}>{go}</LinkButton>
        </Nothing>
      </Card>
    </Page>
  );
}

/** Ids count from 1; the server is not asked for what can be none. */
const isId = (text = '') => /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text));

/** The screen, or a sentence when the user lacks the method that it is made of, or the address names nothing. */
function allowed({ needs, ids = {} }: Screen, Component: ComponentType): ComponentType {
  return function Allowed() {
    const { may } = useSession();
    const params = useParams();
    if (needs && !may(needs)) return <Page title={texts.failure.notAllowed} about={texts.failure.notAllowedBody(needs)}>{null}</Page>;
    const wrong = Object.keys(ids).find((name) => !isId(params[name]));
    const thing = wrong === undefined ? undefined : ids[wrong];
    return thing ? <NoSuch thing={thing} /> : <Component />;
  };
}

const routes: RouteObject[] = [
  {
    element: <Root />,
    errorElement: <Broken />,
    // Until the first screen's file is there, the page stays empty; it is part of the first view.
    hydrateFallbackElement: <></>,
    children: [
      { path: '/sign-in', lazy: async () => ({ Component: (await import('./screens/sign-in')).default }) },
      {
        element: <Shell />,
        children: [
          {
            errorElement: <Broken />,
            children: [
              ...screens.map((screen): RouteObject => ({ path: screen.path, lazy: async () => ({ Component: allowed(screen, (await screen.load()).default) }) })),
              { path: '*', element: <NotFound /> },
            ],
          },
        ],
      },
    ],
  },
];

const router = createBrowserRouter(routes);

whenSignedOut(() => {
  setActingAccount(undefined);
  const { pathname, search } = router.state.location;
  if (pathname === '/sign-in') return;
  queries.removeQueries({ queryKey: SESSION_QUERY });
  queries.removeQueries({ queryKey: ['api'] });
  void router.navigate(`/sign-in?next=${encodeURIComponent(pathname + search)}`, { replace: true });
});

export function App() {
  return (
    <I18nProvider locale="en-GB">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  );
}
