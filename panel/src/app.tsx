import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { I18nProvider, RouterProvider as AriaRouter } from 'react-aria-components';
import { createBrowserRouter, Link, Outlet, RouterProvider, useNavigate, useRouteError, type RouteObject } from 'react-router';
import { ApiError, SESSION_QUERY, setActingAccount, useSession, whenSignedOut } from './api';
import { Failed, Page, Toasts } from './parts';
import { screens, type Screen } from './screens';
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

/** The screen, or a sentence when the user lacks the method that it is made of. */
function allowed({ needs }: Screen, Component: ComponentType): ComponentType {
  return function Allowed() {
    const { may } = useSession();
    if (needs && !may(needs)) return <Page title={texts.failure.notAllowed} about={texts.failure.notAllowedBody(needs)}>{null}</Page>;
    return <Component />;
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
