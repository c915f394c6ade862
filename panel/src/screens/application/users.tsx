import { useState } from 'react';
import { useApi, useChange, useSession, type Rows } from '@/api';
import { type Application, type User } from '@/api/applications';
import { Badge, Button, Card, ConfirmDialog, MenuItem, MoreMenu, Nothing, Table, Time, rowsOf, toast, usePaging } from '@/parts';
import { texts } from '@/texts';
import { FilterField, FilterSelect, useFilter } from '../applications/filters';
import { callAddress, ListTab } from './shell';
import { UserDialog } from './UserDialog';

const t = texts.users;

export default function Users() {
  return (
    <ListTab
      add={{ text: t.add, needs: 'AddUser' }}
      list={(application, add) => <List application={application} add={add} />}
      dialog={(application, close) => <UserDialog application={application} onClose={close} />}
    />
  );
}

function List({ application, add }: { application: Application; add: React.ReactNode }) {
  const { may } = useSession();
  const page = usePaging(50);
  const [name, setName] = useFilter('name');
  const [shown, setShown] = useFilter('shown');
  const [active, setActive] = useFilter('active');
  const [order, setOrder] = useFilter('order');
  const found = useApi<Rows<User>>('GetUsers', {
    application_id: application.application_id,
    user_name: name,
    user_display_name: shown,
    user_active: active,
    order_by: order,
    count: page.count,
    offset: page.offset,
  });
  const remove = useChange('DelUser', ['GetUsers']);
  const [edited, setEdited] = useState<User>();
  const [doomed, setDoomed] = useState<User>();
  const filtered = name || shown || active;
  const clear = () => {
    setName('');
    setShown('');
    setActive('');
  };
  return (
    <Card bare>
      {(filtered || (found.data?.total_count ?? 0) > 0) && (
        <div className="filters">
          <FilterField label={t.name} value={name} onChange={setName} />
          <FilterField label={t.displayName} value={shown} onChange={setShown} />
          <FilterSelect
            label={t.state}
            value={active}
            onChange={setActive}
            options={[
              { id: 'true', text: t.active },
              { id: 'false', text: t.inactive },
            ]}
          />
        </div>
      )}
      <Table
        label={t.title}
        source={rowsOf(found)}
        rowKey={({ user_id }) => user_id}
        paging={{ page, total: found.data?.total_count }}
        sort={{ key: order || 'user_name', down: false }}
        onSort={({ key }) => setOrder(key === 'user_name' ? '' : key)}
        empty={
          filtered ? (
            <Nothing icon="search" title={t.noMatch}>
              <Button onPress={clear}>{t.clear}</Button>
            </Nothing>
          ) : (
            <Nothing icon="people" title={t.none} body={t.noneBody}>
              {add}
            </Nothing>
          )
        }
        columns={[
          { key: 'user_name', heading: t.name, main: true, sort: ({ user_name }) => user_name, cell: ({ user_name }) => <span className="break">{user_name}</span> },
          { key: 'user_display_name', heading: t.displayName, sort: ({ user_display_name }) => user_display_name, cell: ({ user_display_name }) => <span className="break clamp" title={user_display_name}>{user_display_name}</span> },
          { key: 'user_id', heading: t.id, fit: true, align: 'end', sort: ({ user_id }) => user_id, cell: ({ user_id }) => user_id },
          { key: 'state', heading: t.state, fit: true, cell: ({ user_active }) => (user_active ? <Badge tone="good">{t.active}</Badge> : <Badge>{t.inactive}</Badge>) },
          { key: 'money', heading: t.money, fit: true, cell: ({ parent_accounting, balance }) => (parent_accounting ? <span className="soft">{t.ofAccount}</span> : balance) },
          { key: 'created', heading: t.created, fit: true, cell: ({ created }) => <Time at={created} brief /> },
          {
            key: 'menu',
            heading: '',
            menu: true,
            cell: (user) =>
              (may('SetUserInfo') || may('DelUser') || may('CreateCallCredential')) && (
                <MoreMenu of={user.user_name}>
                  {user.user_active && may('CreateCallCredential') && (
                    <MenuItem icon="phone" onAction={() => window.location.assign(callAddress(application.application_id, user.user_id))}>
                      {t.call}
                    </MenuItem>
                  )}
                  {may('SetUserInfo') && (
                    <MenuItem icon="edit" onAction={() => setEdited(user)}>
                      {texts.common.edit}
                    </MenuItem>
                  )}
                  {may('DelUser') && (
                    <MenuItem icon="trash" tone="bad" onAction={() => setDoomed(user)}>
                      {texts.common.delete}
                    </MenuItem>
                  )}
                </MoreMenu>
              ),
          },
        ]}
      />
      {edited && <UserDialog application={application} user={edited} onClose={() => setEdited(undefined)} />}
      {doomed && (
        <ConfirmDialog
          open
          title={t.deleteTitle(doomed.user_name)}
          body={t.deleteBody}
          action={texts.common.delete}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await remove.mutateAsync({ user_id: doomed.user_id });
            toast(texts.common.deleted(doomed.user_name));
          }}
        />
      )}
    </Card>
  );
}
