import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call, reread, useApi, useSession, type Key, type Params, type Rows } from '@/api';
import type { Application, Rule, Scenario } from '@/api/applications';
import { Button, Dialog, FieldSentence, Form, Select, TextField, fieldSentence, toast } from '@/parts';
import { texts } from '@/texts';

const t = texts.rules;
const MANY = 1_000;
const AS_IT_IS = 'as-it-is';

interface Props {
  application: Application;
  /** The rule to change; without it, a new one. */
  rule?: Rule;
  onClose: () => void;
}

export function RuleDialog(props: Props) {
  return (
    <Dialog title={props.rule ? t.edit(props.rule.rule_name) : t.addTitle} open onClose={props.onClose}>
      <Fields {...props} />
    </Dialog>
  );
}

/** Makes the rule run these scenarios in this order. */
async function bind(rule: Rule, chosen: readonly number[]) {
  const before = rule.scenarios.map(({ scenario_id }) => scenario_id);
  const gone = before.filter((id) => !chosen.includes(id));
  const fresh = chosen.filter((id) => !before.includes(id));
  if (gone.length) await call('BindScenario', { rule_id: rule.rule_id, scenario_id: gone, bind: false });
  if (fresh.length) await call('BindScenario', { rule_id: rule.rule_id, scenario_id: fresh });
  const after = [...before.filter((id) => chosen.includes(id)), ...fresh];
  if (after.join() !== chosen.join()) await call('ReorderScenarios', { rule_id: rule.rule_id, scenario_id: chosen });
}

function Fields({ application, rule, onClose }: Props) {
  const { may } = useSession();
  const queries = useQueryClient();
  const keys = useApi<Rows<Key>>('GetKeys', { count: MANY }, { enabled: may('GetKeys') });
  const own = useApi<Rows<Scenario>>('GetScenarios', { application_id: application.application_id, count: MANY }, { enabled: may('GetScenarios') });
  const all = useApi<Rows<Scenario>>('GetScenarios', { count: MANY }, { enabled: may('GetScenarios') });
  const [chosen, setChosen] = useState<Scenario[]>(rule?.scenarios ?? []);
  const [key, setKey] = useState(AS_IT_IS);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const save = async (data: FormData) => {
    const exclude = String(data.get('rule_pattern_exclude') ?? '');
    if (rule?.rule_pattern_exclude && !exclude) return setError(new ApiError([{ code: 0, msg: t.excludeStays, field: 'rule_pattern_exclude' }]));
    const params: Params = {
      rule_name: String(data.get('rule_name')).trim(),
      rule_pattern: String(data.get('rule_pattern')),
      rule_pattern_exclude: exclude,
      bind_key_id: key === AS_IT_IS ? undefined : key,
    };
    const ids = chosen.map(({ scenario_id }) => scenario_id);
    setBusy(true);
    setError(undefined);
    try {
      if (rule) {
        await call('SetRuleInfo', { rule_id: rule.rule_id, ...params });
        await bind(rule, ids);
      } else {
        await call('AddRule', { application_id: application.application_id, ...params, scenario_id: ids });
      }
      toast(texts.common.saved);
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
    await reread(queries, ['GetRules', 'CheckRules', 'GetApplications']);
  };

  const isChosen = (id: number) => chosen.some(({ scenario_id }) => scenario_id === id);
  const ofApplication = new Set(own.data?.result.map(({ scenario_id }) => scenario_id));
  const free = [...(own.data?.result ?? []), ...(all.data?.result ?? []).filter(({ scenario_id }) => !ofApplication.has(scenario_id))].filter(({ scenario_id }) => !isChosen(scenario_id));
  const move = (at: number, by: number) => {
    const next = [...chosen];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    setChosen(next);
  };

  return (
    <Form onSubmit={(data) => void save(data)} error={error} shownElsewhere={['scenario_id', 'scenario_name']}>
      <TextField name="rule_name" label={t.name} defaultValue={rule?.rule_name} isRequired autoFocus autoComplete="off" />
      <TextField name="rule_pattern" label={t.pattern} help={t.patternHelp} defaultValue={rule?.rule_pattern ?? '.*'} isRequired mono autoComplete="off" spellCheck="false" />
      <TextField name="rule_pattern_exclude" label={t.exclude} help={t.excludeHelp} defaultValue={rule?.rule_pattern_exclude} optional mono autoComplete="off" spellCheck="false" />
      <div className="field">
        <span className="field-label">{t.scenarios}</span>
        {chosen.length > 0 && (
          <ol className="chain" aria-label={t.scenarios}>
            {chosen.map(({ scenario_id, scenario_name }, at) => (
              <li key={scenario_id}>
                <span className="grow break">{scenario_name}</span>
                <Button kind="icon" size="small" icon="arrowUp" aria-label={t.upFor(scenario_name)} isDisabled={at === 0} onPress={() => move(at, -1)} />
                <Button kind="icon" size="small" icon="chevronDown" aria-label={t.downFor(scenario_name)} isDisabled={at === chosen.length - 1} onPress={() => move(at, 1)} />
                <Button kind="icon" size="small" icon="close" aria-label={t.without(scenario_name)} onPress={() => setChosen(chosen.filter((one) => one.scenario_id !== scenario_id))} />
              </li>
            ))}
          </ol>
        )}
        {free.length > 0 ? (
          <Select
            key={chosen.length}
            bare
            label={t.addScenario}
            placeholder={t.addScenario}
            options={free.map(({ scenario_id, scenario_name }) => ({ id: String(scenario_id), text: scenario_name, about: ofApplication.has(scenario_id) ? undefined : t.fromElsewhere }))}
            onChange={(id) => {
              const one = free.find(({ scenario_id }) => String(scenario_id) === id);
              if (one) setChosen([...chosen, one]);
            }}
          />
        ) : (
          chosen.length === 0 && <p className="field-help">{t.noScenarios}</p>
        )}
        <p className="field-help">{t.scenariosHelp}</p>
        <FieldSentence>{fieldSentence(error, 'scenario_id', 'scenario_name')}</FieldSentence>
      </div>
      {keys.data && keys.data.result.length > 0 && (
        <Select
          name="bind_key_id"
          label={t.key}
          help={t.keyHelp}
          value={key}
          onChange={setKey}
          options={[
            { id: AS_IT_IS, text: rule ? t.keyAsItIs : t.noKey },
            ...keys.data.result.map(({ key_id, key_name, description }) => ({ id: key_id, text: description || key_name || key_id, about: description || key_name ? key_id : undefined })),
          ]}
        />
      )}
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={busy}>
          {rule ? texts.common.save : t.add}
        </Button>
      </div>
    </Form>
  );
}
