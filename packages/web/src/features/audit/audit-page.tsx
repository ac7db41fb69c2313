import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useInfiniteQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/queries.js';
import type { AuditLine } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { ShowMore } from '../../ui/show-more.js';

const OUTCOMES = { ok: '', refused: 'Refused', failed: 'Failed' } as const;

export function AuditPage() {
  const query = useInfiniteQuery(auditQuery);
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <PageFrame
      title="Audit"
      lead="Who did what, newest first. Each line holds the hash of the one before it: castellan-server audit verify walks the chain."
    >
      <Answer of={{ ...query, data: items }} what="The audit">
        {(lines) =>
          lines.length === 0 ? <Empty title="Nothing was done yet" /> : <AuditTable lines={lines} />
        }
      </Answer>
      <ShowMore of={query} />
    </PageFrame>
  );
}

function AuditTable({ lines }: { readonly lines: readonly AuditLine[] }) {
  return (
    <Table aria-label="Audit" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>What</Th>
          <Th>Of what</Th>
          <Th>Details</Th>
        </Tr>
      </Thead>
      <Tbody>
        {lines.map((line) => (
          <Tr key={line.seq}>
            <Td dataLabel="When">
              <Instant at={line.at} />
            </Td>
            <Td dataLabel="Who">{personName(line.actor)}</Td>
            <Td dataLabel="What">
              {line.action}
              {line.outcome !== 'ok' && <strong> {OUTCOMES[line.outcome]}</strong>}
            </Td>
            <Td dataLabel="Of what" className="cas-break">
              <Subject id={line.object} />
            </Td>
            <Td dataLabel="Details" className="cas-break">
              {Object.entries(line.detail)
                .map(
                  ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
                )
                .join(', ')}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

const PAGES: Readonly<Record<string, string>> = {
  fnd_: '/findings/',
  nod_: '/nodes/',
  pln_: '/plans/',
  run_: '/runs/',
};

/** What has a page of its own is a link to it. */
function Subject({ id }: { readonly id: string }) {
  const page = PAGES[id.slice(0, 4)];
  return page === undefined ? id : <TextLink to={`${page}${id}`}>{id}</TextLink>;
}
