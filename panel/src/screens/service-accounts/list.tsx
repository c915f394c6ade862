import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { call, reread, useApi, useSession, type Key, type KeyDates, type Rows } from '@/api';
import { useQueryClient } from '@tanstack/react-query';
import { Card, ConfirmDialog, copy, CopyText, LinkButton, MenuItem, MenuLine, MoreMenu, Nothing, Page, RoleBadges, Table, Time, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';

const words = texts.serviceAccounts;

/** What people know the key by. */
export function keyName({ description, key_name }: Pick<Key, 'description' | 'key_name'>): string {
  return description || key_name || words.noDescription;
}

export default function ServiceAccounts() {
  const { may } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const page = usePaging(50);
  const keys = useApi<Rows<Key>>('GetKeys', { with_roles: true, count: page.count, offset: page.offset });
  const dates = useApi<Rows<KeyDates>>('GetKeyDates', { count: page.count, offset: page.offset }, { enabled: may('GetKeyDates') });
  const when = useMemo(() => new Map(dates.data?.result.map((row) => [row.key_id, row])), [dates.data]);
  const [doomed, setDoomed] = useState<Key>();
  const add = may('CreateKey') && (
    <LinkButton to="/service-accounts/new" kind="primary" icon="plus">
      {words.add}
    </LinkButton>
  );
  return (
    <Page title={words.title} about={words.about} actions={add}>
      <Card bare>
        <Table
          label={words.title}
          source={rowsOf(keys)}
          rowKey={(key) => key.key_id}
          paging={{ page }}
          empty={
            <Nothing icon="key" title={words.emptyTitle} body={words.emptyBody}>
              {add}
            </Nothing>
          }
          columns={[
            { key: 'description', heading: words.description, main: true, sort: keyName, cell: (key) => <Link className="clamp" to={`/service-accounts/${key.key_id}`}>{keyName(key)}</Link> },
            { key: 'key_id', heading: words.keyId, cell: (key) => <CopyText text={key.key_id} what={words.keyId} /> },
            { key: 'roles', heading: words.roles, cell: (key) => <RoleBadges roles={key.roles} /> },
            { key: 'created', heading: words.created, sort: (key) => when.get(key.key_id)?.created ?? '', cell: (key) => <Time at={when.get(key.key_id)?.created} /> },
            {
              key: 'last_used',
              heading: words.lastUsed,
              sort: (key) => when.get(key.key_id)?.last_used ?? '',
              cell: (key) => <Time at={when.get(key.key_id)?.last_used} brief none={when.has(key.key_id) ? words.notUsed : '–'} />,
            },
            {
              key: 'menu',
              heading: '',
              menu: true,
              cell: (key) => (
                <MoreMenu of={keyName(key)}>
                  <MenuItem icon="edit" onAction={() => void navigate(`/service-accounts/${key.key_id}`)}>
                    {texts.common.edit}
                  </MenuItem>
                  <MenuItem icon="copy" onAction={() => void copy(key.key_id).then((done) => done && toast(words.keyIdCopied))}>
                    {words.copyKeyId}
                  </MenuItem>
                  {may('DeleteKey') && <MenuLine />}
                  {may('DeleteKey') && (
                    <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(key)}>
                      {texts.common.delete}
                    </MenuItem>
                  )}
                </MoreMenu>
              ),
            },
          ]}
        />
      </Card>
      <ConfirmDialog
        title={words.deleteTitle}
        body={doomed && words.deleteBody(keyName(doomed))}
        word={doomed?.key_id.slice(0, 8)}
        action={texts.common.delete}
        open={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        onConfirm={async () => {
          await call('DeleteKey', { key_id: doomed?.key_id });
          toast(words.deleted);
          await reread(queries, ['GetKeys', 'GetKeyDates']);
        }}
      />
    </Page>
  );
}
