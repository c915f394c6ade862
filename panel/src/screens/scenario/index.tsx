import { useQueries, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Link, useBlocker, useParams, useSearchParams } from 'react-router';
import { actingAccount, call, reread, useApi, useSession, type ApiError, type Rows } from '@/api';
import type { Rule, Scenario } from '@/api/applications';
import { CodeEditor, preload, type CodeEditorHandle } from '@/editor';
import { Bones, Button, ConfirmDialog, Failed, LinkButton, Nothing, Notice, Page, Select, sentence, toast } from '@/parts';
import { texts } from '@/texts';
import { useApplication } from '../application/shell';
import './scenario.css';
import { Versions } from './Versions';

const t = texts.scenario;

// Beside the scenario's text, not after it.
preload();

interface Refusal {
  text: string;
  /** Where in the text, to go there. */
  at?: number;
}

function useScripts(ids: readonly number[]) {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['api', 'GetScenarios', actingAccount() ?? 0, { scenario_id: id, with_script: true }],
      queryFn: ({ signal }: { signal: AbortSignal }) => call<Rows<Scenario>>('GetScenarios', { scenario_id: id, with_script: true }, signal),
      staleTime: 60_000,
    })),
  });
}

export default function ScenarioScreen() {
  const { id = '', scenarioId = '' } = useParams();
  const { may } = useSession();
  const { application } = useApplication();
  const [search, setSearch] = useSearchParams();
  const current = Number(scenarioId);
  const rules = useApi<Rows<Rule>>('GetRules', { application_id: id, count: 1_000 }, { enabled: may('GetRules') });
  const running = useMemo(() => (rules.data?.result ?? []).filter(({ scenarios }) => scenarios.some(({ scenario_id }) => scenario_id === current)), [rules.data, current]);
  const rule = running.find(({ rule_id }) => String(rule_id) === search.get('rule')) ?? running[0];
  // The rule's scenarios run one after the other in one global scope; they are edited beside each other.
  const chain = useMemo(() => rule?.scenarios.map(({ scenario_id }) => scenario_id) ?? [current], [rule, current]);
  const scripts = useScripts(chain);
  const found = scripts[chain.indexOf(current)];
  const scenario = found?.data?.result[0];

  /** What is typed and not saved, by scenario. */
  const [drafts, setDrafts] = useState<ReadonlyMap<number, string>>(new Map());
  const draft = (of: number, text?: string) =>
    setDrafts((before) => {
      const after = new Map(before);
      if (text === undefined) after.delete(of);
      else after.set(of, text);
      return after;
    });
  const dirty = drafts.size > 0;
  const blocker = useBlocker(({ nextLocation }) => dirty && !chain.some((one) => nextLocation.pathname === `/applications/${id}/scenarios/${one}`));
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);

  const back = { to: `/applications/${id}/scenarios`, text: application ? t.backTo(application.application_name.split('.')[0] ?? '') : texts.application.tabs.scenarios };
  if (!scenario) {
    return (
      <Page title={t.title} back={back}>
        {found?.error ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : found?.data ? (
          <Nothing icon="code" title={t.gone} body={t.goneBody}>
            <LinkButton to={back.to}>{back.text}</LinkButton>
          </Nothing>
        ) : (
          <Bones lines={8} />
        )}
      </Page>
    );
  }
  const sources = new Map(scripts.map(({ data }) => [data?.result[0]?.scenario_id ?? 0, data?.result[0]?.scenario_script ?? '']));
  const names = new Map(rule?.scenarios.map(({ scenario_id, scenario_name }) => [scenario_id, scenario_name]) ?? [[current, scenario.scenario_name]]);
  return (
    <>
      <Editing
        key={current}
        scenario={scenario}
        back={back}
        dirty={drafts.has(current)}
        draft={drafts.get(current)}
        onDraft={(text) => draft(current, text)}
        others={chain.filter((one) => one !== current).map((one) => ({ path: pathOf(one), code: drafts.get(one) ?? sources.get(one) ?? '' }))}
        head={
          rule && (
            <div className="chain-tabs">
              {running.length > 1 ? (
                <Select
                  bare
                  label={t.rule}
                  value={String(rule.rule_id)}
                  options={running.map(({ rule_id, rule_name }) => ({ id: String(rule_id), text: t.ruleIs(rule_name) }))}
                  onChange={(one) => setSearch({ rule: one }, { replace: true })}
                />
              ) : (
                <span className="soft">{t.ruleIs(rule.rule_name)}</span>
              )}
              <nav className="tabs" aria-label={t.chain(rule.rule_name)}>
                {chain.map((one, at) => (
                  <Link key={one} className="tab" aria-current={one === current ? 'page' : undefined} to={`/applications/${id}/scenarios/${one}?rule=${rule.rule_id}`}>
                    <span className="soft">{at + 1}</span> <span className="break">{names.get(one)}</span>
                    {drafts.has(one) && <span className="unsaved" role="img" aria-label={t.unsaved} />}
                  </Link>
                ))}
              </nav>
            </div>
          )
        }
      />
      {blocker.state === 'blocked' && (
        <ConfirmDialog
          open
          title={t.leaveTitle}
          body={t.leaveBody([...drafts.keys()].map((one) => names.get(one) ?? scenario.scenario_name))}
          action={t.leave}
          onClose={() => blocker.reset()}
          onConfirm={async () => {
            setDrafts(new Map());
            blocker.proceed();
          }}
        />
      )}
    </>
  );
}

const pathOf = (id: number) => `/${id}.js`;

interface EditingProps {
  scenario: Scenario;
  back: { to: string; text: string };
  dirty: boolean;
  draft?: string;
  onDraft: (text?: string) => void;
  others: { path: string; code: string }[];
  head: React.ReactNode;
}

function Editing({ scenario, back, dirty, draft, onDraft, others, head }: EditingProps) {
  const { may } = useSession();
  const queries = useQueryClient();
  const editor = useRef<CodeEditorHandle>(null);
  const hint = useId();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [problems, setProblems] = useState(0);
  const [history, setHistory] = useState(false);
  const saved = scenario.scenario_script ?? '';
  const writable = may('SetScenarioInfo');
  // A new editor, when a version was restored.
  const [round, setRound] = useState(0);
  const [start] = useStart(draft ?? saved, round);

  const save = async () => {
    if (!writable || busy || !editor.current) return;
    setBusy(true);
    setRefusal(undefined);
    try {
      const wrong = await editor.current.syntaxError();
      if (wrong) {
        setRefusal({ text: t.syntax(wrong.line, wrong.message), at: wrong.from });
        editor.current.goTo(wrong.from);
        return;
      }
      const text = editor.current.text();
      // Nothing at all counts as not sent.
      await call('SetScenarioInfo', { scenario_id: scenario.scenario_id, scenario_script: text === '' ? '\n' : text });
      await reread(queries, ['GetScenarios', 'GetScenarioVersions', 'GetRules']);
      if (editor.current?.text() === text) onDraft(undefined);
      toast(t.saved(scenario.scenario_name));
    } catch (error) {
      setRefusal({ text: sentence(error as ApiError) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Page
      title={scenario.scenario_name}
      back={back}
      actions={
        <>
          {may('GetScenarioVersions') && (
            <Button icon="history" aria-pressed={history} onPress={() => setHistory(!history)}>
              {t.versions}
            </Button>
          )}
          {writable && (
            <Button kind="primary" isDisabled={!dirty && !busy} isPending={busy} onPress={() => void save()}>
              {texts.common.save}
            </Button>
          )}
        </>
      }
    >
      {head}
      {refusal && (
        <Notice tone="bad">
          <span className="row">
            <span className="break">{refusal.text}</span>
            {refusal.at !== undefined && (
              <Button size="small" onPress={() => editor.current?.goTo(refusal.at ?? 0)}>
                {t.goThere}
              </Button>
            )}
          </span>
        </Notice>
      )}
      <div className="code-card">
        <Suspense fallback={<div className="code-editor code-waiting"><Bones lines={8} /></div>}>
          <CodeEditor
            key={round}
            ref={editor}
            label={t.label(scenario.scenario_name)}
            describedBy={hint}
            path={pathOf(scenario.scenario_id)}
            initialText={start}
            others={others}
            readOnly={!writable}
            onChange={(text) => onDraft(text === saved ? undefined : text)}
            onProblems={setProblems}
            onSave={() => void save()}
          />
        </Suspense>
        <div className="code-foot">
          <span role="status">{!writable ? t.readOnly : dirty ? t.unsaved : t.isSaved}</span>
          <span aria-live="polite">{problems > 0 ? t.problems(problems) : ''}</span>
          <span id={hint} className="grow soft">
            {t.leaveHint}
          </span>
        </div>
      </div>
      {history && (
        <Versions
          scenario={scenario}
          now={draft ?? saved}
          onRestored={async () => {
            await reread(queries, ['GetScenarios', 'GetScenarioVersions']);
            onDraft(undefined);
            setRound(round + 1);
          }}
        />
      )}
    </Page>
  );
}

/** The text that an editor starts with: later ones come only with a new round. */
function useStart(text: string, round: number): [string] {
  const kept = useRef<{ round: number; text: string }>(undefined);
  if (kept.current?.round !== round) kept.current = { round, text };
  return [kept.current.text];
}
