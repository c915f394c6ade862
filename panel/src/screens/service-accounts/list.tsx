import { useApi, type Key, type Rows } from '@/api';
import { Card, CopyText, Nothing, Page, Table, rowsOf } from '@/parts';
import { texts } from '@/texts';

export default function ServiceAccounts() {
  const keys = useApi<Rows<Key>>('GetKeys', { with_roles: true });
  return (
    <Page title={texts.nav.serviceAccounts}>
      <Card bare>
        <Table
          label={texts.nav.serviceAccounts}
          source={rowsOf(keys)}
          rowKey={(key) => key.key_id}
          empty={<Nothing icon="key" title={texts.common.none} />}
          columns={[
            { key: 'description', heading: 'Description', cell: (key) => key.description, main: true },
            { key: 'id', heading: 'Key id', cell: (key) => <CopyText text={key.key_id} what="key id" /> },
          ]}
        />
      </Card>
    </Page>
  );
}
