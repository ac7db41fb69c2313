import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { certificatesQuery, csvAddress, type ListChange, type ListSearch } from '../../api/lists.js';
import type { CertificateLine } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { Choice, FacetChoice, ListBar, ListFrame, NoneMatches, SortHead } from '../../ui/list.js';
import { PageFrame } from '../../ui/page.js';
import { SeverityLabel } from '../../ui/severity.js';

/** What the list is narrowed to, as the address says it. */
export const CERTIFICATE_FILTERS = ['within', 'group', 'control', 'node'] as const;

/** Days from now, and their words. */
const WITHIN = [
  ['0', 'Ended'],
  ['14', 'Within 14 days'],
  ['30', 'Within 30 days'],
  ['90', 'Within 90 days'],
  ['365', 'Within a year'],
] as const;

interface Props {
  readonly search: ListSearch<(typeof CERTIFICATE_FILTERS)[number]>;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
}

export function CertificatesPage({ search, onChange, onClear }: Props) {
  const query = useQuery(certificatesQuery(search));
  const facets = query.data?.facets;
  const isNarrowed = Boolean(search.q ?? search.within ?? search.group ?? search.control ?? search.node);
  return (
    <PageFrame
      title="Certificates"
      lead="Every certificate that the agents have read, and their own, by the day it ends: also those that nothing is wrong with."
    >
      <ListBar
        view={search}
        search="in node, path, subject, issuer and serial"
        csv={csvAddress('certificates', search)}
        onChange={onChange}
        onClear={isNarrowed ? onClear : undefined}
      >
        <Choice
          label="Ends"
          all="Any end"
          value={search.within ?? ''}
          options={WITHIN}
          onChange={(within) => onChange({ within })}
        />
        <FacetChoice
          label="Group"
          all="All groups"
          value={search.group ?? ''}
          counts={facets?.group}
          onChange={(group) => onChange({ group })}
        />
        <FacetChoice
          label="Control"
          all="All controls"
          value={search.control ?? ''}
          counts={facets?.control}
          onChange={(control) => onChange({ control })}
        />
      </ListBar>
      <Answer of={query} what="The certificates">
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void query.refetch()}>
            {page.items.length > 0 ? (
              <CertificateTable lines={page.items} search={search} onChange={onChange} />
            ) : isNarrowed ? (
              <NoneMatches what="certificate" onClear={onClear} />
            ) : (
              <Empty title="No agent has read a certificate yet" />
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

function CertificateTable({
  lines,
  search,
  onChange,
}: Omit<Props, 'onClear'> & { readonly lines: readonly CertificateLine[] }) {
  const head = { view: search, onChange };
  return (
    <Table aria-label="Certificates" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <SortHead {...head} by="end" natural="asc" isUsual>
            Ends
          </SortHead>
          <SortHead {...head} by="node" natural="asc">
            Node
          </SortHead>
          <Th>Certificate</Th>
          <Th>Issuer</Th>
          <Th>Finding</Th>
        </Tr>
      </Thead>
      <Tbody>
        {lines.map((line) => (
          <Tr key={line.id}>
            <Td dataLabel="Ends">
              <Instant at={line.notAfter} />
            </Td>
            <Td dataLabel="Node">
              {line.path === '' && line.judged !== '' ? (
                line.node.name
              ) : (
                <TextLink to={`/nodes/${line.node.id}`}>{line.node.name}</TextLink>
              )}
            </Td>
            <Td dataLabel="Certificate" className="cas-break">
              {nameOf(line)}
              <div className="cas-quiet">{line.subject || (line.serial && `serial ${line.serial}`)}</div>
            </Td>
            <Td dataLabel="Issuer" className="cas-break">
              {line.path === '' ? 'Castellan' : line.issuer === line.subject ? 'itself' : line.issuer}
            </Td>
            <Td dataLabel="Finding">
              <Judged line={line} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

/** Castellan's own have no path that matters here: they renew by themselves. */
function nameOf({ path, judged }: CertificateLine): string {
  if (path !== '') return path;
  return judged === '' ? "The agent's own" : `The server's: ${judged}`;
}

function Judged({ line: { findingId, severity } }: { readonly line: CertificateLine }) {
  if (findingId === null || severity === null)
    return (
      <Label isCompact variant="outline" color="green">
        Nothing open
      </Label>
    );
  return (
    <TextLink to={`/findings/${findingId}`}>
      <SeverityLabel severity={severity} />
    </TextLink>
  );
}
