import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Button as AriaButton, GridList, GridListItem, useDragAndDrop } from 'react-aria-components';
import { Link } from 'react-router';
import { reread, useApi, useChange, useSession, type Rows } from '@/api';
import type { Application, Rule, Verdict } from '@/api/applications';
import { Badge, Bones, Card, ConfirmDialog, Failed, Icon, MenuItem, MoreMenu, Nothing, toast, toastError } from '@/parts';
import { texts } from '@/texts';
import { NumberCheck, VerdictBadge } from './NumberCheck';
import { RuleDialog } from './RuleDialog';
import './rules.css';
import { ListTab, useApplicationId } from './shell';

const t = texts.rules;

/** Rules are tried one by one, so that all of them are shown. */
const ALL = 1_000;

/** Also asked for by the screen itself, so that the rules come while the application does. */
function useRules(application_id: number) {
  return useApi<Rows<Rule>>('GetRules', { application_id, count: ALL });
}

export default function Rules() {
  useRules(useApplicationId());
  return (
    <ListTab
      add={{ text: t.add, needs: 'AddRule' }}
      list={(application, add) => <Order application={application} add={add} />}
      dialog={(application, close) => <RuleDialog application={application} onClose={close} />}
    />
  );
}

/** The list with those of `keys` moved before or behind `target`. */
function moved(rules: readonly Rule[], keys: ReadonlySet<unknown>, target: number, behind: boolean): Rule[] {
  const taken = rules.filter(({ rule_id }) => keys.has(rule_id));
  const rest = rules.filter(({ rule_id }) => !keys.has(rule_id));
  const at = rest.findIndex(({ rule_id }) => rule_id === target) + (behind ? 1 : 0);
  return [...rest.slice(0, at), ...taken, ...rest.slice(at)];
}

function Order({ application, add }: { application: Application; add: ReactNode }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const found = useRules(application.application_id);
  const [number, setNumber] = useState('');
  const check = useApi<Rows<Verdict>>('CheckRules', { application_id: application.application_id, number }, { enabled: number !== '' });
  const reorder = useChange('ReorderRules');
  const remove = useChange('DelRule', ['GetRules', 'CheckRules', 'GetApplications']);
  const [wanted, setWanted] = useState<Rule[]>();
  const [edited, setEdited] = useState<Rule>();
  const [doomed, setDoomed] = useState<Rule>();
  const rules = wanted ?? found.data?.result ?? [];
  const verdicts = number !== '' && !check.error ? new Map(check.data?.result.map((one) => [one.rule_id, one])) : undefined;

  const order = async (next: Rule[]) => {
    setWanted(next);
    try {
      await reorder.mutateAsync({ rule_id: next.map(({ rule_id }) => rule_id) });
      toast(t.reordered);
    } catch (error) {
      toastError(error);
    }
    await reread(queries, ['GetRules', 'CheckRules']);
    setWanted(undefined);
  };
  const step = (at: number, by: 1 | -1) => {
    const [rule, other] = [rules[at], rules[at + by]];
    if (rule && other) void order(moved(rules, new Set([rule.rule_id]), other.rule_id, by > 0));
  };
  const movable = may('ReorderRules') && rules.length > 1;
  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: !movable,
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': rules.find(({ rule_id }) => rule_id === key)?.rule_name ?? '' })),
    onReorder: ({ keys, target }) => void order(moved(rules, keys, Number(target.key), target.dropPosition === 'after')),
  });

  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) return <Bones lines={6} />;
  if (rules.length === 0) {
    return (
      <Card bare>
        <Nothing icon="route" title={t.none} body={t.noneBody}>
          {add}
        </Nothing>
      </Card>
    );
  }
  return (
    <>
      {may('CheckRules') && <NumberCheck number={number} onNumber={setNumber} source={check} rules={rules} />}
      <Card bare title={t.order} about={movable ? t.orderAbout : t.orderAboutFixed}>
        <GridList aria-label={t.title} className="rules" items={rules.map((rule) => ({ ...rule, id: rule.rule_id }))} dragAndDropHooks={dragAndDropHooks} keyboardNavigationBehavior="tab" dependencies={[verdicts, wanted, movable]}>
          {(rule) => {
            const at = rules.findIndex(({ rule_id }) => rule_id === rule.rule_id);
            const verdict = verdicts?.get(rule.rule_id);
            return (
              <GridListItem id={rule.rule_id} textValue={rule.rule_name} className="rule">
                {({ allowsDragging }) => (
                  <>
                    {allowsDragging && (
                      <AriaButton slot="drag" className="button rule-grip" data-kind="icon" data-size="small">
                        <Icon name="grip" />
                      </AriaButton>
                    )}
                    <span className="rule-place" aria-hidden="true">
                      {at + 1}
                    </span>
                    <div className="rule-what">
                      <strong className="break">{rule.rule_name}</strong>
                      <p className="rule-pattern">
                        <code className="break">{rule.rule_pattern}</code>
                        {rule.rule_pattern_exclude && (
                          <>
                            <span className="soft">{t.except}</span>
                            <code className="break">{rule.rule_pattern_exclude}</code>
                          </>
                        )}
                      </p>
                      {verdict && (
                        <p className="rule-verdict">
                          <VerdictBadge verdict={verdict.verdict} />
                          <span className="break">{verdict.why}</span>
                        </p>
                      )}
                    </div>
                    <ol className="rule-scenarios" aria-label={t.scenariosOf(rule.rule_name)}>
                      {rule.scenarios.map(({ scenario_id, scenario_name }) => (
                        <li key={scenario_id}>
                          {may('GetScenarios') ? (
                            <Link className="badge break" data-tone="accent" to={`/applications/${application.application_id}/scenarios/${scenario_id}?rule=${rule.rule_id}`}>
                              {scenario_name}
                            </Link>
                          ) : (
                            <Badge>{scenario_name}</Badge>
                          )}
                        </li>
                      ))}
                      {rule.scenarios.length === 0 && <li className="soft">{t.noScenario}</li>}
                    </ol>
                    {(may('SetRuleInfo') || may('DelRule') || may('ReorderRules')) && (
                      <span className="rule-menu">
                        <MoreMenu of={rule.rule_name}>
                          {may('SetRuleInfo') && (
                            <MenuItem icon="edit" onAction={() => setEdited(rule)}>
                              {texts.common.edit}
                            </MenuItem>
                          )}
                          {may('ReorderRules') && (
                            <MenuItem icon="arrowUp" isDisabled={at === 0} onAction={() => step(at, -1)}>
                              {t.up}
                            </MenuItem>
                          )}
                          {may('ReorderRules') && (
                            <MenuItem icon="chevronDown" isDisabled={at === rules.length - 1} onAction={() => step(at, 1)}>
                              {t.down}
                            </MenuItem>
                          )}
                          {may('DelRule') && (
                            <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(rule)}>
                              {texts.common.delete}
                            </MenuItem>
                          )}
                        </MoreMenu>
                      </span>
                    )}
                  </>
                )}
              </GridListItem>
            );
          }}
        </GridList>
      </Card>
      {edited && <RuleDialog application={application} rule={edited} onClose={() => setEdited(undefined)} />}
      {doomed && (
        <ConfirmDialog
          open
          title={t.deleteTitle(doomed.rule_name)}
          body={t.deleteBody}
          action={texts.common.delete}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await remove.mutateAsync({ rule_id: doomed.rule_id });
            toast(texts.common.deleted(doomed.rule_name));
          }}
        />
      )}
    </>
  );
}
