import { useState } from 'react';
import { useApi, useChange, useSession, type Rows } from '@/api';
import type { Application, Rule, Scenario } from '@/api/applications';
import { Button, Dialog, Form, RadioGroup, Select, TextField, toast } from '@/parts';
import { texts } from '@/texts';

const t = texts.scenarios;
const NO_RULE = 'none';

interface Props {
  application: Application;
  /** The scenario to rename; without it, a new one. */
  scenario?: Scenario;
  onClose: () => void;
  onDone?: (id: number) => void;
}

export function ScenarioDialog(props: Props) {
  return (
    <Dialog title={props.scenario ? t.renameTitle(props.scenario.scenario_name) : t.addTitle} open onClose={props.onClose}>
      {props.scenario ? <Rename {...props} scenario={props.scenario} /> : <Add {...props} />}
    </Dialog>
  );
}

function Rename({ scenario, onClose }: Props & { scenario: Scenario }) {
  const change = useChange('SetScenarioInfo', ['GetScenarios', 'GetRules']);
  return (
    <Form
      error={change.error}
      onSubmit={(data) =>
        change.mutate(
          { scenario_id: scenario.scenario_id, scenario_name: String(data.get('scenario_name')).trim() },
          {
            onSuccess: () => {
              toast(texts.common.saved);
              onClose();
            },
          },
        )
      }
    >
      <TextField name="scenario_name" label={t.name} defaultValue={scenario.scenario_name} isRequired autoFocus autoComplete="off" spellCheck="false" />
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {texts.common.save}
        </Button>
      </div>
    </Form>
  );
}

function Add({ application, onClose, onDone }: Props) {
  const { may } = useSession();
  const change = useChange<{ scenario_id: number }>('AddScenario', ['GetScenarios', 'GetRules']);
  const rules = useApi<Rows<Rule>>('GetRules', { application_id: application.application_id, count: 1_000 }, { enabled: may('GetRules') });
  const [where, setWhere] = useState('here');
  const [rule, setRule] = useState(NO_RULE);
  return (
    <Form
      error={change.error}
      aliases={{ rule_name: 'rule_id' }}
      onSubmit={(data) =>
        change.mutate(
          {
            scenario_name: String(data.get('scenario_name')).trim(),
            scenario_script: t.starter,
            application_id: where === 'here' ? application.application_id : undefined,
            rule_id: rule === NO_RULE ? undefined : rule,
          },
          {
            onSuccess: ({ scenario_id }) => {
              onClose();
              onDone?.(scenario_id);
            },
          },
        )
      }
    >
      <TextField name="scenario_name" label={t.name} help={t.nameHelp} isRequired autoFocus autoComplete="off" spellCheck="false" />
      <RadioGroup
        label={t.where}
        value={where}
        onChange={setWhere}
        options={[
          { id: 'here', text: t.here, about: t.hereHelp },
          { id: 'shared', text: t.sharedOption, about: t.sharedHelp },
        ]}
      />
      {rules.data && rules.data.result.length > 0 && (
        <Select
          name="rule_id"
          label={t.rule}
          help={t.ruleHelp}
          value={rule}
          onChange={setRule}
          options={[{ id: NO_RULE, text: texts.common.none }, ...rules.data.result.map(({ rule_id, rule_name, rule_pattern }) => ({ id: String(rule_id), text: rule_name, about: rule_pattern }))]}
        />
      )}
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {t.addAndEdit}
        </Button>
      </div>
    </Form>
  );
}
