import { useEffect, type ReactNode } from 'react';
import { Navigate, useLocation, useParams } from 'react-router';
import { useApi, useSession, type Rows } from '@/api';
import { shortName, type Application } from '@/api/applications';
import { Bones, Failed, Nothing, Page, Tabs, LinkButton } from '@/parts';
import { texts } from '@/texts';

const t = texts.application;

const TABS = [
  { path: 'rules', text: t.tabs.rules, needs: 'GetRules' },
  { path: 'scenarios', text: t.tabs.scenarios, needs: 'GetScenarios' },
  { path: 'users', text: t.tabs.users, needs: 'GetUsers' },
  { path: 'secrets', text: t.tabs.secrets, needs: 'GetSecrets' },
  { path: 'storage', text: t.tabs.storage, needs: 'GetKeyValueKeys' },
] as const;

/** The application of the address. */
export function useApplication() {
  const { id = '' } = useParams();
  const found = useApi<Rows<Application>>('GetApplications', { application_id: id }, { fresh: 60_000 });
  return { id: Number(id), found, application: found.data?.result[0] };
}

/** One application with its tabs; what a tab shows is its children. */
export function ApplicationPage({ actions, children }: { actions?: ReactNode; children: (application: Application) => ReactNode }) {
  const { may } = useSession();
  const { id, found, application } = useApplication();
  const { pathname } = useLocation();
  const back = { to: '/applications', text: texts.nav.applications };
  // On narrow screens the tabs scroll; the open one must be seen.
  useEffect(() => {
    document.querySelector('.tabs [aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname, application]);
  if (!application) {
    return (
      <Page title={texts.nav.applications} back={back}>
        {found.error ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : found.isPending ? (
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
    <Page title={shortName(application)} about={<code className="break">{application.application_name}</code>} back={back} actions={actions}>
      <Tabs label={t.tabs.label} tabs={TABS.filter(({ needs }) => may(needs)).map(({ path, text }) => ({ to: `/applications/${id}/${path}`, text }))} />
      {children(application)}
    </Page>
  );
}

/** `/applications/:id` is its first tab that the user may see. */
export default function FirstTab() {
  const { may } = useSession();
  const { id } = useParams();
  const first = TABS.find(({ needs }) => may(needs));
  return <Navigate replace to={first ? `/applications/${id}/${first.path}` : '/applications'} />;
}
