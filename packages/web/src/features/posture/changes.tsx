import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { postureChangesQuery, postureCsv } from '../../api/posture.js';
import type { PostureChanges } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { TextLink } from '../../ui/link.js';
import { CsvLink } from '../../ui/list.js';
import { Block } from '../../ui/page.js';
import { SeverityLabel } from '../../ui/severity.js';

/** What opened, got worse and ended in the last 24 hours, by control, over the whole fleet. */
export function Changes() {
  const query = useQuery(postureChangesQuery);
  return (
    <Block
      title="Since yesterday"
      id="changes"
      actions={<CsvLink href={postureCsv.changes} about="the changes" />}
    >
      <Answer of={query} what="The changes" rows={2}>
        {(changes) =>
          changes.items.length === 0 ? (
            <Empty title="Nothing changed in the last 24 hours" />
          ) : (
            <ChangeTable changes={changes} />
          )
        }
      </Answer>
    </Block>
  );
}

function ChangeTable({ changes }: { readonly changes: PostureChanges }) {
  const { opened, worse, resolved, left } = changes;
  return (
    <>
      <p>
        In the fleet, in the last 24 hours: {opened.toLocaleString('en')} opened, {worse.toLocaleString('en')}{' '}
        worse, {resolved.toLocaleString('en')} resolved.
      </p>
      <Table aria-label="Changes since yesterday" variant="compact" gridBreakPoint="grid-md">
        <Thead>
          <Tr>
            <Th>Control</Th>
            <Th>Worst</Th>
            <Th>Opened</Th>
            <Th>Worse</Th>
            <Th>Resolved</Th>
          </Tr>
        </Thead>
        <Tbody>
          {changes.items.map((line) => (
            <Tr key={line.control}>
              <Td dataLabel="Control">
                <TextLink to="/findings" search={{ control: line.control, state: 'all', sort: 'updated' }}>
                  {line.control}
                </TextLink>
                <div className="cas-quiet">{line.title}</div>
              </Td>
              <Td dataLabel="Worst">
                {line.worst ? (
                  <SeverityLabel severity={line.worst} />
                ) : (
                  <span className="cas-quiet">none</span>
                )}
              </Td>
              <Td dataLabel="Opened">{line.opened.toLocaleString('en')}</Td>
              <Td dataLabel="Worse">{line.worse.toLocaleString('en')}</Td>
              <Td dataLabel="Resolved">{line.resolved.toLocaleString('en')}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {left > 0 && <p className="cas-quiet">And {left.toLocaleString('en')} more controls.</p>}
    </>
  );
}
