import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call, useApi, useChange, useSession, type Rows } from '@/api';
import type { Application, StoredItem } from '@/api/applications';
import { Bones, Button, Card, ConfirmDialog, Dialog, Failed, Form, MenuItem, MoreMenu, Nothing, Select, Table, TextField, Time, rowsOf, toast, usePaging, wireTime } from '@/parts';
import { texts } from '@/texts';
import { FilterField, useFilter } from '../applications/filters';
import { ListTab } from './shell';

const t = texts.storage;

/** Seconds of the units of a lifetime. */
const UNITS = { minutes: 60, hours: 3_600, days: 86_400 } as const;
type Unit = keyof typeof UNITS;

/** Keys of one answer at most. */
const PAGE = 50;

export default function Storage() {
  return (
    <ListTab
      add={{ text: t.add, needs: 'SetKeyValueItem' }}
      list={(application, add) => <List application={application} add={add} />}
      dialog={(application, close) => (
        <Dialog title={t.addTitle} open onClose={close}>
          <Fields application={application} onClose={close} />
        </Dialog>
      )}
    />
  );
}

function List({ application, add }: { application: Application; add: ReactNode }) {
  const { may } = useSession();
  const page = usePaging(PAGE);
  const [prefix, setPrefix] = useFilter('prefix');
  const found = useApi<Rows<StoredItem>>('GetKeyValueKeys', { application_id: application.application_id, key: prefix, count: page.count, offset: page.offset });
  const remove = useChange('DelKeyValueItem', ['GetKeyValueKeys']);
  const [opened, setOpened] = useState<string>();
  const [doomed, setDoomed] = useState<string>();
  return (
    <Card bare title={t.title} about={t.about}>
      {(prefix || (found.data?.result.length ?? 0) > 0) && (
        <div className="filters">
          <FilterField label={t.prefix} value={prefix} onChange={setPrefix} />
        </div>
      )}
      <Table
        label={t.title}
        source={rowsOf(found)}
        rowKey={({ key }) => key}
        paging={{ page }}
        empty={
          prefix ? (
            <Nothing icon="search" title={t.noMatch(prefix)}>
              <Button onPress={() => setPrefix('')}>{texts.common.clear}</Button>
            </Nothing>
          ) : (
            <Nothing icon="database" title={t.none} body={t.noneBody}>
              {add}
            </Nothing>
          )
        }
        columns={[
          {
            key: 'key',
            heading: t.key,
            main: true,
            cell: ({ key }) =>
              may('GetKeyValueItem') ? (
                <button type="button" className="linkish break" onClick={() => setOpened(key)}>
                  <code>{key}</code>
                </button>
              ) : (
                <code className="break">{key}</code>
              ),
          },
          { key: 'expires', heading: t.expires, fit: true, cell: ({ expires_at }) => <Time at={wireTime(new Date(expires_at * 1_000))} /> },
          {
            key: 'menu',
            heading: '',
            menu: true,
            cell: ({ key }) =>
              (may('GetKeyValueItem') || may('DelKeyValueItem')) && (
                <MoreMenu of={key}>
                  {may('GetKeyValueItem') && (
                    <MenuItem icon={may('SetKeyValueItem') ? 'edit' : 'eye'} onAction={() => setOpened(key)}>
                      {may('SetKeyValueItem') ? t.viewAndEdit : t.view}
                    </MenuItem>
                  )}
                  {may('DelKeyValueItem') && (
                    <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(key)}>
                      {texts.common.delete}
                    </MenuItem>
                  )}
                </MoreMenu>
              ),
          },
        ]}
      />
      {opened !== undefined && (
        <Dialog title={t.item} open onClose={() => setOpened(undefined)}>
          <Item application={application} of={opened} onClose={() => setOpened(undefined)} />
        </Dialog>
      )}
      {doomed !== undefined && (
        <ConfirmDialog
          open
          title={t.deleteTitle(doomed)}
          body={t.deleteBody}
          action={texts.common.delete}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await remove.mutateAsync({ application_id: application.application_id, key: doomed });
            toast(texts.common.deleted(doomed));
          }}
        />
      )}
    </Card>
  );
}

function Item({ application, of, onClose }: { application: Application; of: string; onClose: () => void }) {
  const { may } = useSession();
  // Read anew each time it is opened: scenarios write it, too.
  const read = useQuery({
    queryKey: ['item', application.application_id, of],
    queryFn: ({ signal }) => call<{ result: StoredItem }>('GetKeyValueItem', { application_id: application.application_id, key: of }, signal),
    gcTime: 0,
    staleTime: Infinity,
  });
  if (read.error) return <Failed error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Bones lines={3} />;
  if (may('SetKeyValueItem')) return <Fields application={application} item={read.data.result} onClose={onClose} />;
  return (
    <>
      <code className="break">{of}</code>
      <pre className="code" tabIndex={0} aria-label={t.value}>
        {read.data.result.value}
      </pre>
      <p className="soft">
        {t.expires}: <Time at={wireTime(new Date(read.data.result.expires_at * 1_000))} />
      </p>
    </>
  );
}

/** The rest of an item's life in the largest unit that tells it well. */
function lifetime(item?: StoredItem): [number, Unit] {
  if (!item) return [30, 'days'];
  const seconds = Math.max(60, item.expires_at - Math.floor(Date.now() / 1_000));
  const unit = (['days', 'hours', 'minutes'] as const).find((one) => seconds >= 2 * UNITS[one]) ?? 'minutes';
  return [Math.round(seconds / UNITS[unit]), unit];
}

function Fields({ application, item, onClose }: { application: Application; item?: StoredItem; onClose: () => void }) {
  const change = useChange('SetKeyValueItem', ['GetKeyValueKeys']);
  const [[first, firstUnit]] = useState(() => lifetime(item));
  const [unit, setUnit] = useState<Unit>(firstUnit);
  const [touched, setTouched] = useState(false);
  const [problem, setProblem] = useState<string>();
  const save = (data: FormData) => {
    const many = Number(data.get('ttl'));
    if (!(many > 0)) return setProblem(t.lifetimeWrong);
    setProblem(undefined);
    change.mutate(
      {
        application_id: application.application_id,
        key: item?.key ?? String(data.get('key')).trim(),
        value: String(data.get('value')),
        // An untouched lifetime stays what it is to the second.
        ...(item && !touched ? { expires_at: item.expires_at } : { ttl: Math.round(many * UNITS[unit]) }),
      },
      {
        onSuccess: () => {
          toast(texts.common.saved);
          onClose();
        },
      },
    );
  };
  return (
    <Form onSubmit={save} error={change.error} aliases={{ expires_at: 'ttl' }}>
      <TextField name="key" label={t.key} help={item ? undefined : t.keyHelp} defaultValue={item?.key} isReadOnly={!!item} isRequired autoFocus={!item} mono autoComplete="off" spellCheck="false" />
      <TextField name="value" label={t.value} help={t.valueHelp} defaultValue={item?.value} isRequired autoFocus={!!item} rows={6} mono spellCheck="false" />
      <div className="form-grid">
        <TextField name="ttl" label={t.lifetime} help={t.lifetimeHelp} type="number" inputMode="decimal" defaultValue={String(first)} onChange={() => setTouched(true)} error={problem} isRequired />
        <Select
          label={t.unit}
          value={unit}
          onChange={(id) => {
            setUnit(id as Unit);
            setTouched(true);
          }}
          options={(Object.keys(UNITS) as Unit[]).map((id) => ({ id, text: t.units[id] }))}
        />
      </div>
      <div className="dialog-actions">
        <Button onPress={onClose}>{texts.common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={change.isPending}>
          {item ? texts.common.save : t.add}
        </Button>
      </div>
    </Form>
  );
}
