import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { SearchInput } from '@patternfly/react-core/dist/esm/components/SearchInput';
import { Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core/dist/esm/components/Toolbar';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { Th } from '@patternfly/react-table/dist/esm/components/Table';
import { type ReactNode, useDeferredValue, useEffect, useState } from 'react';
import { Empty } from './answer.js';
import { SearchSaid } from './search-said.js';

/** A pause this long in typing asks the server; every letter would ask too often. */
const TYPING_MS = 250;

type Change = (change: Readonly<Record<string, string>>) => void;

interface View {
  readonly q?: string;
  readonly sort?: string;
  readonly order?: string;
  readonly from?: string;
}

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly total: number | null;
  readonly news?: readonly string[];
}

/** The same rows as a file. `about`: of what, where several such links stand. */
export function CsvLink({ href, about }: { readonly href: string; readonly about?: string }) {
  return (
    <a
      href={href}
      download
      className="pf-v6-c-button pf-m-secondary"
      aria-label={about && `Download CSV: ${about}`}
    >
      <span className="pf-v6-c-button__text">Download CSV</span>
    </a>
  );
}

/** Above a list: the search, what narrows it, and the list as a file. */
export function ListBar({
  view,
  search,
  csv,
  onChange,
  onClear,
  children,
}: {
  readonly view: View;
  /** What is searched, in words. */
  readonly search: string;
  readonly csv: string;
  readonly onChange: Change;
  /** Absent: nothing is narrowed. */
  readonly onClear?: (() => void) | undefined;
  readonly children?: ReactNode;
}) {
  return (
    <Toolbar className="cas-toolbar" inset={{ default: 'insetNone' }}>
      <ToolbarContent rowWrap={{ default: 'wrap' }}>
        <ToolbarItem className="cas-grow cas-list-search">
          <TextFilter value={view.q ?? ''} words={search} onChange={(q) => onChange({ q })} />
          <SearchSaid text={view.q ?? ''} />
        </ToolbarItem>
        {children}
        {onClear && (
          <ToolbarItem>
            <Button variant="link" onClick={onClear}>
              Clear filters
            </Button>
          </ToolbarItem>
        )}
        <ToolbarItem>
          <CsvLink href={csv} />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

/** One value of a facet or any, each with how many rows it has under the other filters. */
export function FacetChoice({
  label,
  all,
  value,
  counts,
  word = (text) => text,
  onChange,
}: {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly counts: readonly { readonly value: string; readonly count: number }[] | undefined;
  readonly word?: (value: string) => string;
  readonly onChange: (value: string) => void;
}) {
  const options = counts ?? [];
  const isKnown = value === '' || options.some((option) => option.value === value);
  return (
    <ToolbarItem>
      <FormSelect aria-label={label} value={value} onChange={(_, chosen) => onChange(chosen)}>
        <FormSelectOption value="" label={all} />
        {!isKnown && <FormSelectOption value={value} label={`${word(value)} (0)`} />}
        {options
          .filter((option) => option.value !== '')
          .map((option) => (
            <FormSelectOption
              key={option.value}
              value={option.value}
              label={`${word(option.value)} (${option.count.toLocaleString('en')})`}
            />
          ))}
      </FormSelect>
    </ToolbarItem>
  );
}

/** One of a few fixed choices, or any. */
export function Choice({
  label,
  all,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <ToolbarItem>
      <FormSelect aria-label={label} value={value} onChange={(_, chosen) => onChange(chosen)}>
        <FormSelectOption value="" label={all} />
        {options.map(([each, word]) => (
          <FormSelectOption key={each} value={each} label={word} />
        ))}
      </FormSelect>
    </ToolbarItem>
  );
}

function TextFilter({
  value,
  words,
  onChange,
}: {
  readonly value: string;
  readonly words: string;
  readonly onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  // Back and forward change the address: the field follows.
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback at each redraw is no new word
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <SearchInput
      aria-label={`Search ${words}`}
      placeholder={`Search ${words}`}
      value={typed}
      onChange={(_, text) => setTyped(text)}
      onClear={() => {
        setTyped('');
        onChange('');
      }}
    />
  );
}

interface SortHeadProps {
  readonly view: View;
  readonly onChange: Change;
  /** What the server calls it. */
  readonly by: string;
  readonly natural: 'asc' | 'desc';
  /** The list is in this order when its address says none. */
  readonly isUsual?: boolean;
  readonly children: string;
}

/** The head of a column that the list can be put in order by. */
export function SortHead({ view, onChange, by, natural, isUsual = false, children }: SortHeadProps) {
  const isThis = view.sort === by || (view.sort === undefined && isUsual);
  const direction = view.order === 'asc' || view.order === 'desc' ? view.order : natural;
  return (
    <Th
      modifier="nowrap"
      sort={{
        columnIndex: 0,
        sortBy: isThis ? { index: 0, direction } : {},
        onSort: () =>
          onChange({ sort: by, order: isThis ? (direction === 'asc' ? 'desc' : 'asc') : natural }),
      }}
    >
      {children}
    </Th>
  );
}

/** Around a list's rows: what has come since, which rows these are of how many, and the way to the others. */
export function ListFrame({
  page,
  view,
  onPage,
  onRefresh,
  children,
}: {
  readonly page: Page;
  readonly view: View;
  readonly onPage: Change;
  readonly onRefresh: () => void;
  readonly children: ReactNode;
}) {
  const first = Math.max(1, Number(view.from) || 1);
  const last = first + page.items.length - 1;
  const news = page.news?.length ?? 0;
  const go = (cursor: string | null, from: number) =>
    onPage(cursor === null || from <= 1 ? { cursor: '', from: '' } : { cursor, from: String(from) });
  return (
    <>
      <div className="cas-row" aria-live="polite">
        {page.items.length > 0 && (
          <span className="cas-quiet">
            {number(first)}–{number(last)} of {page.total === null ? 'more than 5,000' : number(page.total)}
          </span>
        )}
        {news > 0 && (
          <Button variant="link" isInline onClick={onRefresh}>
            {number(news)} new or changed: show
          </Button>
        )}
      </div>
      {children}
      {(page.next !== null || page.previous !== null) && (
        <nav className="cas-row" aria-label="Pages">
          <Button
            variant="secondary"
            isDisabled={page.previous === null}
            onClick={() => go(page.previous, first - PAGE_STEP)}
          >
            Previous
          </Button>
          <Button variant="secondary" isDisabled={page.next === null} onClick={() => go(page.next, last + 1)}>
            Next
          </Button>
        </nav>
      )}
    </>
  );
}

/** As many rows as a screen has. */
const FIRST_ROWS = 20;

/** The rows of a page: a screenful at once, and all of them when it stands. */
export function useRows<T>(rows: readonly T[]): readonly T[] {
  return useDeferredValue(rows, rows.slice(0, FIRST_ROWS));
}

/** Rows that a page back has. */
const PAGE_STEP = 100;

function number(value: number): string {
  return value.toLocaleString('en');
}

/** Some exist, and none is under the filter. */
export function NoneMatches({ what, onClear }: { readonly what: string; readonly onClear: () => void }) {
  return (
    <Empty
      title={`No ${what} matches`}
      icon={SearchIcon}
      actions={
        <Button variant="secondary" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      There may be others outside these filters.
    </Empty>
  );
}
