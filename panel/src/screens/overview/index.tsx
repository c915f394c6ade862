import { useSession } from '@/api';
import { Card, Page } from '@/parts';
import { texts } from '@/texts';

export default function Overview() {
  const session = useSession();
  return (
    <Page title={texts.nav.overview}>
      <Card title={session.account_name}>{session.account_email}</Card>
    </Page>
  );
}
