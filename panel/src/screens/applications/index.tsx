import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useApi, useChange, useSession, type Rows } from '@/api';
import { shortName, type Application } from '@/api/applications';
import { Badge, Button, Card, ConfirmDialog, MenuItem, MoreMenu, Nothing, Page, Table, Time, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';
import { ApplicationDialog } from './ApplicationDialog';
import { FilterField, useFilter } from './filters';

const t = texts.applications;

export default function Applications() {
  const { may } = useSession();
  const go = useNavigate();
  const page = usePaging();
  const [part, setPart] = useFilter('name');
  const found = useApi<Rows<Application>>('GetApplications', { application_name: part, with_rules: true, count: page.count, offset: page.offset });
  const remove = useChange('DelApplication', ['GetApplications']);
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([import('../application/shell'), import('../application/rules')]).catch(() => undefined), 1_000);
    return () => clearTimeout(timer);
  }, []);
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<Application>();
  const [doomed, setDoomed] = useState<Application>();
  const add = may('AddApplication') && (
    <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
      {t.add}
    </Button>
  );
  return (
    <Page title={texts.nav.applications} about={t.about} actions={add}>
      <Card bare>
        {(part || (found.data?.total_count ?? 0) > 5) && (
          <div className="filters">
            <FilterField label={t.filter} value={part} onChange={setPart} />
          </div>
        )}
        <Table
          label={texts.nav.applications}
          source={rowsOf(found)}
          rowKey={({ application_id }) => application_id}
          paging={{ page, total: found.data?.total_count }}
          empty={
            part ? (
              <Nothing icon="search" title={t.noMatch(part)}>
                <Button onPress={() => setPart('')}>{texts.common.clear}</Button>
              </Nothing>
            ) : (
              <Nothing icon="applications" title={t.none} body={t.noneBody}>
                {add}
              </Nothing>
            )
          }
          columns={[
            {
              key: 'name',
              heading: t.name,
              main: true,
              cell: (application) => (
                <Link className="break" to={`/applications/${application.application_id}`}>
                  {shortName(application)}
                </Link>
              ),
            },
            { key: 'domain', heading: t.domain, cell: ({ application_name }) => <code className="break">{application_name}</code> },
            { key: 'rules', heading: t.rules, align: 'end', fit: true, cell: ({ rules }) => rules?.length ?? 0 },
            { key: 'storage', heading: t.records, fit: true, cell: ({ secure_record_storage }) => (secure_record_storage ? <Badge tone="good">{t.secured}</Badge> : <span className="soft">{t.open}</span>) },
            { key: 'modified', heading: t.modified, fit: true, cell: ({ modified }) => <Time at={modified} brief /> },
            {
              key: 'menu',
              heading: '',
              menu: true,
              cell: (application) =>
                (may('SetApplicationInfo') || may('DelApplication')) && (
                  <MoreMenu of={shortName(application)}>
                    {may('SetApplicationInfo') && (
                      <MenuItem icon="edit" onAction={() => setEdited(application)}>
                        {texts.common.edit}
                      </MenuItem>
                    )}
                    {may('DelApplication') && (
                      <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(application)}>
                        {texts.common.delete}
                      </MenuItem>
                    )}
                  </MoreMenu>
                ),
            },
          ]}
        />
      </Card>
      {adding && <ApplicationDialog onClose={() => setAdding(false)} onDone={(id) => void go(`/applications/${id}`)} />}
      {edited && <ApplicationDialog application={edited} onClose={() => setEdited(undefined)} />}
      {doomed && (
        <ConfirmDialog
          open
          title={t.deleteTitle(shortName(doomed))}
          body={t.deleteBody}
          word={shortName(doomed)}
          action={t.deleteAction}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await remove.mutateAsync({ application_id: doomed.application_id });
            toast(texts.common.deleted(shortName(doomed)));
          }}
        />
      )}
    </Page>
  );
}
