import { Suspense, useState } from 'react';
import { useApi, useChange, useSession, type Rows } from '@/api';
import type { Scenario, ScenarioVersion } from '@/api/applications';
import { Difference } from '@/editor';
import { Badge, Bones, Button, Card, ConfirmDialog, Failed, Nothing, Pager, Time, toast, type Paging } from '@/parts';
import { texts } from '@/texts';

const t = texts.scenario;
const PAGE = 20;

interface Props {
  scenario: Scenario;
  /** The text in the editor. */
  now: string;
  onRestored: () => Promise<void>;
}

/** The versions of a scenario; the chosen one stands beside the text in the editor. */
export function Versions({ scenario, now, onRestored }: Props) {
  const { may } = useSession();
  const [offset, setOffset] = useState(0);
  const page: Paging = { offset, count: PAGE, to: setOffset };
  const found = useApi<Rows<ScenarioVersion>>('GetScenarioVersions', { scenario_id: scenario.scenario_id, count: PAGE, offset });
  const [chosen, setChosen] = useState<ScenarioVersion>();
  const restore = useChange('RestoreScenarioVersion');
  const [asking, setAsking] = useState<ScenarioVersion>();
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const rows = found.data?.result ?? [];
  return (
    <Card title={t.versions} about={t.versionsAbout} bare>
      {found.isPending ? (
        <Bones lines={4} />
      ) : rows.length === 0 ? (
        <Nothing icon="history" title={t.noVersions} body={t.noVersionsBody} />
      ) : (
        <div className="versions">
          <div>
            <ul className="version-list" aria-label={t.versions}>
              {rows.map((one) => (
                <li key={one.version}>
                  <button type="button" className="version" aria-pressed={chosen?.version === one.version} onClick={() => setChosen(one)}>
                    <span className="row row-apart">
                      <strong>{t.version(one.version)}</strong>
                      {one.current && <Badge tone="good">{t.current}</Badge>}
                    </span>
                    <span className="soft">
                      <Time at={one.saved} />
                    </span>
                    <span className="soft break">{t.savedBy(one.saved_by, one.characters)}</span>
                  </button>
                </li>
              ))}
            </ul>
            <Pager page={page} total={found.data?.total_count} shown={rows.length} />
          </div>
          <div className="version-text">
            {chosen ? (
              <>
                <div className="row row-apart version-head">
                  <span>{t.comparing(chosen.version)}</span>
                  {may('RestoreScenarioVersion') && !chosen.current && (
                    <Button size="small" icon="refresh" onPress={() => setAsking(chosen)}>
                      {t.restore}
                    </Button>
                  )}
                </div>
                <Text scenario={scenario} version={chosen.version} now={now} />
              </>
            ) : (
              <Nothing icon="history" title={t.choose} body={t.chooseBody} />
            )}
          </div>
        </div>
      )}
      {asking && (
        <ConfirmDialog
          open
          harmless
          title={t.restoreTitle(asking.version)}
          body={t.restoreBody}
          action={t.restore}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await restore.mutateAsync({ scenario_id: scenario.scenario_id, version: asking.version });
            await onRestored();
            setChosen(undefined);
            toast(t.restored(asking.version));
          }}
        />
      )}
    </Card>
  );
}

function Text({ scenario, version, now }: { scenario: Scenario; version: number; now: string }) {
  const read = useApi<{ result: ScenarioVersion }>('GetScenarioVersion', { scenario_id: scenario.scenario_id, version }, { fresh: Infinity });
  if (read.error) return <Failed error={read.error} retry={() => void read.refetch()} />;
  if (!read.data || read.isPlaceholderData) return <Bones lines={6} />;
  const before = read.data.result.scenario_script ?? '';
  if (before === now) return <p className="version-same soft">{t.same}</p>;
  return (
    <Suspense fallback={<Bones lines={6} />}>
      <Difference beforeLabel={t.version(version)} afterLabel={t.inEditor} before={before} after={now} />
    </Suspense>
  );
}
