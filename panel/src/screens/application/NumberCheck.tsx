import { useState } from 'react';
import type { ApiError, Rows } from '@/api';
import type { Rule, Verdict } from '@/api/applications';
import { Badge, Button, Card, Form, Notice, TextField } from '@/parts';
import { texts } from '@/texts';

const t = texts.rules;

const TONES = { chosen: 'good', matches: 'accent', excluded: 'warn', no_match: undefined } as const;

export function VerdictBadge({ verdict }: Pick<Verdict, 'verdict'>) {
  return <Badge tone={TONES[verdict]}>{t.verdicts[verdict]}</Badge>;
}

interface Props {
  number: string;
  onNumber: (number: string) => void;
  source: { data?: Rows<Verdict>; error: ApiError | null; isFetching: boolean; isPlaceholderData: boolean };
  rules: readonly Rule[];
}

/** “Which rule would this number hit?” The rules below show their verdicts. */
export function NumberCheck({ number, onNumber, source, rules }: Props) {
  const [typed, setTyped] = useState(number);
  const chosen = source.data?.result.find(({ verdict }) => verdict === 'chosen');
  const rule = rules.find(({ rule_id }) => rule_id === chosen?.rule_id);
  return (
    <Card>
      <Form className="number-check" onSubmit={() => onNumber(typed.trim())} error={number ? source.error : undefined}>
        <TextField name="number" label={t.which} help={t.whichHelp} value={typed} onChange={setTyped} mono autoComplete="off" spellCheck="false" />
        <Button type="submit" isPending={number !== '' && source.isFetching}>
          {t.check}
        </Button>
        {number !== '' && (
          <Button
            kind="quiet"
            onPress={() => {
              setTyped('');
              onNumber('');
            }}
          >
            {texts.common.clear}
          </Button>
        )}
      </Form>
      <div aria-live="polite">
        {number !== '' && source.data && !source.error && !source.isPlaceholderData && (
          <Notice tone={rule ? 'good' : 'warn'}>{rule ? t.taken(number, rule.rule_name, rule.scenarios.map(({ scenario_name }) => scenario_name)) : t.notTaken(number)}</Notice>
        )}
      </div>
    </Card>
  );
}
