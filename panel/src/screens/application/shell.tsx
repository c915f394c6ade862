import { useQueryClient } from '@tanstack/react-query';
import { Fragment, useEffect, useState, type ReactNode } from 'react';
import { Navigate, useLocation, useParams } from 'react-router';
import { actingAccount, useApi, useSession, type Rows } from '@/api';
import { shortName, type Application } from '@/api/applications';
import { Bones, Button, Failed, Icon, Nothing, Page, Tabs, LinkButton } from '@/parts';
import { texts } from '@/texts';

const t = texts.application;

/** How long a screen is there before files of others are fetched. */
const QUIET_MS = 1_000;

const TABS = [
  { path: 'rules', text: t.tabs.rules, needs: 'GetRules' },
  { path: 'scenarios', text: t.tabs.scenarios, needs: 'GetScenarios' },
  { path: 'users', text: t.tabs.users, needs: 'GetUsers' },
  { path: 'secrets', text: t.tabs.secrets, needs: 'GetSecrets' },
  { path: 'storage', text: t.tabs.storage, needs: 'GetKeyValueKeys' },
] as const;

/** The browser phone as a user of an application. */
export function callAddress(application: number, user?: number): string {
  return `/call?application=${application}${user === undefined ? '' : `&user=${user}`}`;
}

/** The id of the application of the address. */
export function useApplicationId(): number {
  return Number(useParams().id);
}

/** The application of the address: at once if a list had it. */
export function useApplication() {
  const id = useApplicationId();
  const queries = useQueryClient();
  const found = useApi<Rows<Application>>('GetApplications', { application_id: id }, { fresh: 60_000 });
  const lists = () => queries.getQueriesData<Rows<Application>>({ queryKey: ['api', 'GetApplications', actingAccount() ?? 0] }).flatMap(([, data]) => data?.result ?? []);
  const read = found.isPlaceholderData ? undefined : found.data;
  return { id, found, application: read ? read.result[0] : lists().find(({ application_id }) => application_id === id) };
}

/** The other tabs' files, when there is nothing else to fetch. */
function fetchTabs() {
  for (const load of [() => import('./rules'), () => import('./scenarios'), () => import('./users'), () => import('./secrets'), () => import('./storage')]) void load().catch(() => undefined);
}

/** One application with its tabs; what a tab shows is its children. */
export function ApplicationPage({ actions, children }: { actions?: ReactNode; children: (application: Application) => ReactNode }) {
  const { may } = useSession();
  const { id, found, application } = useApplication();
  const { pathname } = useLocation();
  useEffect(() => {
    const timer = setTimeout(fetchTabs, QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  const back = { to: '/applications', text: texts.nav.applications };
  const call = (
    <a className="button" href={callAddress(id)}>
      <Icon name="phone" />
      {texts.nav.call}
    </a>
  );
  // On narrow screens the tabs scroll; the open one must be seen.
  useEffect(() => {
    document.querySelector('.tabs [aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname, application]);
  if (!application) {
    return (
      <Page title={texts.nav.applications} back={back}>
        {found.error ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : found.isPending || found.isPlaceholderData ? (
          <Bones lines={4} />
        ) : (
          <Nothing icon="applications" title={t.gone} body={t.goneBody}>
            <LinkButton to="/applications">{t.toList}</LinkButton>
          </Nothing>
        )}
      </Page>
    );
  }
  return (
    <Page title={shortName(application)} about={<code className="break">{application.application_name}</code>} back={back} actions={may('CreateCallCredential') ? <>{call}{actions}</> : actions}>
      <Tabs label={t.tabs.label} tabs={TABS.filter(({ needs }) => may(needs)).map(({ path, text }) => ({ to: `/applications/${id}/${path}`, text }))} />
      {/* Another application's lists begin anew. */}
      <Fragment key={id}>{children(application)}</Fragment>
    </Page>
  );
}

interface ListTabProps {
  /** The button that adds a thing, and the method behind it. */
  add: { text: string; needs: string };
  list: (application: Application, add: ReactNode) => ReactNode;
  dialog: (application: Application, close: () => void) => ReactNode;
}

/** A tab that is a list of things, one of which is added in a dialog. */
export function ListTab({ add, list, dialog }: ListTabProps) {
  const { may } = useSession();
  const [adding, setAdding] = useState(false);
  const button = may(add.needs) && (
    <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
      {add.text}
    </Button>
  );
  return (
    <ApplicationPage actions={button}>
      {(application) => (
        <>
          {list(application, button)}
          {adding && dialog(application, () => setAdding(false))}
        </>
      )}
    </ApplicationPage>
  );
}

/** `/applications/:id` is its first tab that the user may see. */
export default function FirstTab() {
  const { may } = useSession();
  const { id } = useParams();
  const first = TABS.find(({ needs }) => may(needs));
  return <Navigate replace to={first ? `/applications/${id}/${first.path}` : '/applications'} />;
}
