import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useApi, useChange, type Rows } from '@/api';
import { Button, Dialog, FieldSentence, Form, LinkButton, Notice, Select, TextField, fieldSentence } from '@/parts';
import { texts } from '@/texts';
import { shortName, type ApplicationRow, type RuleRow } from './types';

const words = texts.sessions.run;

/** Rows of a list to choose from. */
const MOST = 1000;

interface RunProps {
  open: boolean;
  onClose: () => void;
  /** What is chosen at first. */
  applicationId?: number;
  ruleId?: number;
}

/** Chooses a rule, starts its scenarios and goes to the session. */
export function RunDialog(props: RunProps) {
  return (
    <Dialog title={words.title} open={props.open} onClose={props.onClose}>
      <Run {...props} />
    </Dialog>
  );
}

function Run({ onClose, applicationId, ruleId }: RunProps) {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(applicationId ? String(applicationId) : undefined);
  const [rule, setRule] = useState(ruleId ? String(ruleId) : undefined);
  const applications = useApi<Rows<ApplicationRow>>('GetApplications', { count: MOST });
  const only = applications.data?.result.length === 1 ? applications.data.result[0] : undefined;
  const application = chosen ?? (only && String(only.application_id));
  const rules = useApi<Rows<RuleRow>>('GetRules', { application_id: application, with_scenarios: true, count: MOST }, { enabled: application !== undefined });
  const known = application === undefined || rules.isPlaceholderData ? undefined : rules.data?.result;
  const single = known?.length === 1 ? known[0] : undefined;
  const ruled = rule ?? (single && String(single.rule_id));
  const start = useChange<{ call_session_history_id: number }>('StartScenarios', ['GetLiveSessions']);

  if (applications.data && applications.data.result.length === 0) {
    return (
      <>
        <p>{words.noApplications}</p>
        <div className="dialog-actions">
          <Button onPress={onClose}>{texts.common.cancel}</Button>
          <LinkButton kind="primary" to="/applications">
            {words.toApplications}
          </LinkButton>
        </div>
      </>
    );
  }
  return (
    <Form
      error={start.error}
      aliases={{ custom_data: 'script_custom_data' }}
      shownElsewhere={['application_id', 'rule_id']}
      onSubmit={(data) =>
        start.mutate(
          { rule_id: ruled, script_custom_data: String(data.get('script_custom_data') ?? '') },
          { onSuccess: ({ call_session_history_id: id }) => void navigate(`/live/${id}`) },
        )
      }
    >
      <p className="soft">{words.about}</p>
      <Select
        label={words.application}
        placeholder={words.choose}
        value={application}
        onChange={(id) => {
          setChosen(id);
          setRule(undefined);
        }}
        options={(applications.data?.result ?? []).map((one) => ({ id: String(one.application_id), text: shortName(one.application_name), about: one.application_name }))}
      />
      <FieldSentence>{fieldSentence(applications.error, 'application_id')}</FieldSentence>
      {known?.length === 0 ? (
        <Notice>
          <p>{words.noRules}</p>
          <p>
            <LinkButton size="small" to={`/applications/${application}/rules`}>
              {words.toRules}
            </LinkButton>
          </p>
        </Notice>
      ) : (
        <div>
          <Select
            key={application}
            label={words.rule}
            placeholder={words.choose}
            value={ruled}
            onChange={setRule}
            isDisabled={!known}
            options={(known ?? []).map((one) => ({
              id: String(one.rule_id),
              text: one.rule_name,
              about: one.scenarios?.length ? words.scenarios(one.scenarios.map(({ scenario_name }) => scenario_name).join(', ')) : words.noScenarios,
            }))}
          />
          <FieldSentence>{fieldSentence(start.error, 'rule_id', 'application_id')}</FieldSentence>
        </div>
      )}
      <TextField label={words.customData} help={words.customDataHelp} name="script_custom_data" optional rows={3} mono spellCheck="false" />
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" icon="play" isDisabled={!ruled} isPending={start.isPending}>
          {words.submit}
        </Button>
      </div>
    </Form>
  );
}
