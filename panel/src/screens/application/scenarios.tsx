import { useEffect, useState, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { useApi, useChange, useSession, type Rows } from '@/api';
import type { Application, Rule, Scenario } from '@/api/applications';
import { soon } from '@/editor';
import { Badge, Button, Card, ConfirmDialog, MenuItem, MoreMenu, Nothing, Table, Time, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';
import { FilterField, FilterSelect, useFilter } from '../applications/filters';
import { ScenarioDialog } from './ScenarioDialog';
import { ListTab } from './shell';

const t = texts.scenarios;

export default function Scenarios() {
  const go = useNavigate();
  useEffect(soon, []);
  return (
    <ListTab
      add={{ text: t.add, needs: 'AddScenario' }}
      list={(application, add) => <List application={application} add={add} />}
      dialog={(application, close) => (
        <ScenarioDialog application={application} onClose={close} onDone={(id) => void go(`/applications/${application.application_id}/scenarios/${id}`)} />
      )}
    />
  );
}

function List({ application, add }: { application: Application; add: ReactNode }) {
  const { may } = useSession();
  const page = usePaging(50);
  const [name, setName] = useFilter('name');
  const [where, setWhere] = useFilter('where');
  const everywhere = where === 'all';
  const found = useApi<Rows<Scenario>>('GetScenarios', { application_id: everywhere ? undefined : application.application_id, scenario_name: name, count: page.count, offset: page.offset });
  const rules = useApi<Rows<Rule>>('GetRules', { application_id: application.application_id, count: 1_000 }, { enabled: may('GetRules') });
  const remove = useChange('DelScenario', ['GetScenarios', 'GetRules']);
  const [edited, setEdited] = useState<Scenario>();
  const [doomed, setDoomed] = useState<Scenario>();
  const rulesOf = (id: number) => (rules.data?.result ?? []).filter(({ scenarios }) => scenarios.some(({ scenario_id }) => scenario_id === id));
  // A rule may run scenarios that all applications share; they are not in this application's folder.
  const listed = new Set(found.data?.result.map(({ scenario_id }) => scenario_id));
  const shared = everywhere || name ? [] : [...new Map((rules.data?.result ?? []).flatMap(({ scenarios }) => scenarios).map((one) => [one.scenario_id, one])).values()].filter(({ scenario_id }) => !listed.has(scenario_id));
  const source = rowsOf(found);
  const data = source.data && (page.offset === 0 ? [...source.data, ...shared] : source.data);
  return (
    <Card bare>
      <div className="filters">
        <FilterField label={t.name} value={name} onChange={setName} />
        <FilterSelect label={t.where} value={everywhere ? '' : 'here'} onChange={(id) => setWhere(id === 'here' ? '' : 'all')} options={[{ id: 'here', text: t.here }]} />
      </div>
      <Table
        label={t.title}
        source={{ ...source, data }}
        rowKey={({ scenario_id }) => scenario_id}
        paging={{ page, total: found.data?.total_count }}
        empty={
          name ? (
            <Nothing icon="search" title={t.noMatch(name)}>
              <Button onPress={() => setName('')}>{texts.common.clear}</Button>
            </Nothing>
          ) : (
            <Nothing icon="code" title={t.none} body={t.noneBody}>
              {add}
            </Nothing>
          )
        }
        columns={[
          {
            key: 'name',
            heading: t.name,
            main: true,
            cell: ({ scenario_id, scenario_name }) => (
              <Link className="break" to={`/applications/${application.application_id}/scenarios/${scenario_id}`}>
                {scenario_name}
              </Link>
            ),
          },
          {
            key: 'rules',
            heading: t.rules,
            cell: ({ scenario_id }) => {
              const of = rulesOf(scenario_id);
              return of.length > 0 ? (
                <span className="row">
                  {of.map(({ rule_id, rule_name }) => (
                    <Badge key={rule_id}>{rule_name}</Badge>
                  ))}
                </span>
              ) : (
                <span className="soft">{t.unused}</span>
              );
            },
          },
          { key: 'folder', heading: t.where, fit: true, cell: ({ scenario_id }) => (everywhere ? <span className="soft">{t.anywhere}</span> : shared.some((one) => one.scenario_id === scenario_id) ? <Badge tone="accent">{t.shared}</Badge> : t.hereShort) },
          { key: 'modified', heading: t.modified, fit: true, cell: ({ modified }) => <Time at={modified} brief /> },
          {
            key: 'menu',
            heading: '',
            menu: true,
            cell: (scenario) =>
              (may('SetScenarioInfo') || may('DelScenario')) && (
                <MoreMenu of={scenario.scenario_name}>
                  {may('SetScenarioInfo') && (
                    <MenuItem icon="edit" onAction={() => setEdited(scenario)}>
                      {t.rename}
                    </MenuItem>
                  )}
                  {may('DelScenario') && (
                    <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(scenario)}>
                      {texts.common.delete}
                    </MenuItem>
                  )}
                </MoreMenu>
              ),
          },
        ]}
      />
      {edited && <ScenarioDialog application={application} scenario={edited} onClose={() => setEdited(undefined)} />}
      {doomed && (
        <ConfirmDialog
          open
          title={t.deleteTitle(doomed.scenario_name)}
          body={t.deleteBody(rulesOf(doomed.scenario_id).map(({ rule_name }) => rule_name))}
          word={doomed.scenario_name}
          action={texts.common.delete}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await remove.mutateAsync({ scenario_id: doomed.scenario_id });
            toast(texts.common.deleted(doomed.scenario_name));
          }}
        />
      )}
    </Card>
  );
}
