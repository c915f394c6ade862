import { useDeferredValue, useEffect, useState } from 'react';
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField, Button as AriaButton } from 'react-aria-components';
import { useNavigate } from 'react-router';
import { useApi, useCatalogue, useSession, type Found } from '@/api';
import { Button, Icon, type IconName } from '@/parts';
import { screens } from '@/screens';
import { texts } from '@/texts';

interface Hit {
  id: string;
  name: string;
  note: string;
  icon: IconName;
  to: string;
}

const ICONS: Record<Found['kind'], IconName> = { application: 'applications', user: 'person', rule: 'route', scenario: 'code', key: 'key', subuser: 'people', account: 'tree', secret: 'lock' };

function address({ kind, id, application_id }: Found): string {
  switch (kind) {
    case 'application':
      return `/applications/${id}/rules`;
    case 'user':
      return `/applications/${application_id}/users?user=${id}`;
    case 'rule':
      return `/applications/${application_id}/rules?rule=${id}`;
    case 'scenario':
      return application_id === undefined ? `/scenarios/${id}` : `/applications/${application_id}/scenarios/${id}`;
    case 'secret':
      return `/applications/${application_id}/secrets?secret=${id}`;
    case 'key':
      return `/service-accounts/${id}`;
    case 'subuser':
      return `/account/subusers?subuser=${id}`;
    case 'account':
      return `/account/child-accounts?child=${id}`;
  }
}

const MOST_METHODS = 12;

function useHits(text: string): { hits: Hit[]; busy: boolean } {
  const { may } = useSession();
  const needle = text.trim().toLowerCase();
  const search = useApi<{ result: Found[] }>('Search', { text: text.trim() }, { enabled: needle.length > 0 && may('Search') });
  const catalogue = useCatalogue(needle.length > 0);
  if (!needle) return { hits: [], busy: false };
  const places = screens
    .filter(({ nav, needs }) => nav?.text.toLowerCase().includes(needle) && (!needs || may(needs)))
    .map(({ path, nav }): Hit => ({ id: `screen ${path}`, name: nav?.text ?? path, note: texts.search.kinds.screen, icon: nav?.icon ?? 'overview', to: path }));
  const objects = (search.isPlaceholderData ? [] : (search.data?.result ?? [])).map(
    (found): Hit => ({
      id: `${found.kind} ${found.id}`,
      name: found.name || String(found.id),
      note: found.application_name ? `${texts.search.kinds[found.kind]} · ${found.application_name}` : texts.search.kinds[found.kind],
      icon: ICONS[found.kind],
      to: address(found),
    }),
  );
  const methods = (catalogue.data?.methods ?? [])
    .filter(({ name }) => name.toLowerCase().includes(needle))
    .sort((a, b) => Number(!a.name.toLowerCase().startsWith(needle)) - Number(!b.name.toLowerCase().startsWith(needle)))
    .slice(0, MOST_METHODS)
    .map(({ name, group }): Hit => ({ id: `method ${name}`, name, note: `${texts.search.kinds.method} · ${group}`, icon: 'book', to: `/docs/methods/${name}` }));
  return { hits: [...places, ...objects, ...methods], busy: search.isFetching || catalogue.isFetching };
}

/** The one search box: opens by click, `/` or Ctrl-K. */
export function Search() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') || (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)) {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <AriaButton className="top-search" aria-label={texts.search.placeholder} aria-keyshortcuts="/ Control+K" onPress={() => setOpen(true)}>
        <Icon name="search" />
        <span>{texts.search.placeholder}</span>
        <kbd aria-hidden="true">/</kbd>
      </AriaButton>
      <ModalOverlay className="veil search-veil" isOpen={open} onOpenChange={setOpen} isDismissable>
        <Modal className="search-box">
          <Dialog className="search-dialog" aria-label={texts.search.label}>
            <Palette onDone={() => setOpen(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}

function Palette({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const { hits, busy } = useHits(useDeferredValue(text));
  const open = (id: string) => {
    const hit = hits.find((one) => one.id === id);
    if (!hit) return;
    onDone();
    if (hit.to.startsWith('/docs/')) window.location.assign(hit.to);
    else void navigate(hit.to);
  };
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField className="search-field" aria-label={texts.search.label} autoFocus>
        <Icon name="search" />
        <Input placeholder={texts.search.placeholder} maxLength={200} />
        <Button kind="icon" size="small" icon="close" slot={null} aria-label={texts.common.close} onPress={onDone} />
      </SearchField>
      {text.trim() ? (
        <div className="search-results" role="group" aria-label={texts.search.results} tabIndex={0}>
          <Menu
          className="search-list"
          aria-label={texts.search.label}
          items={hits}
          onAction={(id) => open(String(id))}
          renderEmptyState={() => <p className="search-note break">{busy ? texts.search.searching : texts.search.nothing(text.trim())}</p>}
        >
          {(hit) => (
            <MenuItem id={hit.id} textValue={hit.name} className="menu-item search-hit">
              <span>
                <Icon name={hit.icon} size="small" />
                <span className="grow break">{hit.name}</span>
              </span>
              <small>{hit.note}</small>
            </MenuItem>
          )}
        </Menu>
        </div>
      ) : (
        <p className="search-note">{texts.search.hint}</p>
      )}
    </Autocomplete>
  );
}
