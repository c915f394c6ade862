import { useMemo, useState, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { texts } from '@/texts';
import { Button } from './button';
import { Icon } from './icons';
import { Failed } from './states';

export interface Column<Row> {
  key: string;
  heading: string;
  cell: (row: Row) => ReactNode;
  /** Makes the heading sort: the rows that are loaded, or the server's by `onSort`. */
  sort?: (row: Row) => string | number;
  align?: 'end';
  /** As narrow as its content. */
  fit?: boolean;
  /** The name of the row: first, bold, and the title of its card on narrow screens. */
  main?: boolean;
  /** Three-dots menu: without a visible heading. */
  menu?: boolean;
}

export interface Sort {
  key: string;
  down: boolean;
}

interface Source<Row> {
  data?: readonly Row[];
  error: unknown;
  isPending: boolean;
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}

interface TableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  /** A query's state with the rows as `data`; see `rowsOf`. */
  source: Source<Row>;
  rowKey: (row: Row) => string | number;
  /** Shown in the place of no rows: what to do next. */
  empty: ReactNode;
  paging?: { page: Paging; total?: number };
  /** Server-side sorting; without it the loaded rows are sorted here. */
  sort?: Sort;
  onSort?: (sort: Sort) => void;
}

/** A query's state with its rows as `data`, as `Table` takes it. */
export function rowsOf<Row>(query: { data?: { result: Row[] }; error: unknown; isPending: boolean; isPlaceholderData?: boolean; refetch: () => unknown }): Source<Row> {
  return { data: query.data?.result, error: query.error, isPending: query.isPending, isPlaceholderData: query.isPlaceholderData, refetch: query.refetch };
}

/** A table; on narrow screens each row is a card. */
export function Table<Row>({ label, columns, source, rowKey, empty, paging, sort, onSort }: TableProps<Row>) {
  const [own, setOwn] = useState<Sort>();
  const by = onSort ? sort : own;
  const rows = useMemo(() => {
    const value = !onSort && own ? columns.find(({ key }) => key === own.key)?.sort : undefined;
    if (!value || !source.data) return source.data ?? [];
    const order = [...source.data].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true });
    });
    return own?.down ? order.reverse() : order;
  }, [source.data, own, onSort, columns]);

  if (source.error && !source.data) return <Failed error={source.error} title={texts.table.failed} retry={() => void source.refetch()} />;
  if (!source.isPending && rows.length === 0 && !(paging && paging.page.offset > 0)) return empty;

  return (
    <>
      <div className="table-box" aria-busy={source.isPending || source.isPlaceholderData || undefined}>
        <table className="table" role="table" aria-label={label}>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map(({ key, heading, sort: sortable, align, fit, menu }) => (
                <th
                  key={key}
                  role="columnheader"
                  scope="col"
                  data-align={align}
                  data-fit={fit || menu || undefined}
                  aria-sort={by?.key === key ? (by.down ? 'descending' : 'ascending') : undefined}
                >
                  {menu ? (
                    <span className="unseen">{texts.table.actions}</span>
                  ) : sortable ? (
                    <button type="button" className="table-sort" onClick={() => (onSort ?? setOwn)({ key, down: by?.key === key && !by.down })}>
                      {heading}
                      <Icon name="arrowUp" size="small" />
                    </button>
                  ) : (
                    heading
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {source.isPending
              ? Array.from({ length: 5 }, (_, line) => (
                  <tr key={line} role="row">
                    {columns.map(({ key, heading, main, menu }, at) => (
                      <td key={key} role="cell" data-heading={heading} data-main={main || undefined} data-menu={menu || undefined}>
                        {!menu && <span className="bone" style={{ width: `${40 + ((line * 3 + at * 5) % 5) * 12}%` }} />}
                      </td>
                    ))}
                  </tr>
                ))
              : rows.map((row) => (
                  <tr key={rowKey(row)} role="row">
                    {columns.map(({ key, heading, cell, align, fit, main, menu }) => (
                      <td
                        key={key}
                        role="cell"
                        className={main ? 'table-main' : undefined}
                        data-heading={heading}
                        data-align={align}
                        data-fit={fit || menu || undefined}
                        data-main={main || undefined}
                        data-menu={menu || undefined}
                      >
                        {cell(row)}
                      </td>
                    ))}
                  </tr>
                ))}
          </tbody>
        </table>
      </div>
      {paging && <Pager {...paging} shown={rows.length} />}
    </>
  );
}

export interface Paging {
  offset: number;
  count: number;
  to(offset: number): void;
}

/** The page of a list, kept in the address (`?offset=`), so that reloading and going back keep the place. */
export function usePaging(count = 20, name = 'offset'): Paging {
  const [search, setSearch] = useSearchParams();
  const wanted = Math.floor(Number(search.get(name)));
  const offset = Number.isSafeInteger(wanted) ? Math.max(0, wanted) : 0;
  return {
    offset,
    count,
    to: (next) =>
      setSearch((before) => {
        const after = new URLSearchParams(before);
        if (next > 0) after.set(name, String(next));
        else after.delete(name);
        return after;
      }),
  };
}

/** Previous and next. Without `total`, a full page is taken to have a next one. */
export function Pager({ page, total, shown }: { page: Paging; total?: number; shown: number }) {
  const last = total === undefined ? shown < page.count : page.offset + shown >= total;
  if (page.offset === 0 && last) return null;
  return (
    <div className="table-foot">
      <span aria-live="polite">{texts.table.range(shown ? page.offset + 1 : page.offset, page.offset + shown, total)}</span>
      <span className="row">
        <Button kind="icon" icon="chevronLeft" aria-label={texts.table.previous} isDisabled={page.offset === 0} onPress={() => page.to(Math.max(0, page.offset - page.count))} />
        <Button kind="icon" icon="chevronRight" aria-label={texts.table.next} isDisabled={last} onPress={() => page.to(page.offset + page.count)} />
      </span>
    </div>
  );
}
