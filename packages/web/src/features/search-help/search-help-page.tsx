import { SEARCH_FIELDS, SEARCH_HELP, type SearchExample } from '@castellan/shared/search/examples';
import { Content } from '@patternfly/react-core/dist/esm/components/Content';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';

/** The language of searches: every example is a link that runs it. */
export function SearchHelpPage() {
  return (
    <PageFrame
      title="Search help"
      lead="One language in every list: Lucene's classic syntax as of 3.0, which Momentum's own search help speaks of."
    >
      <Content className="cas-prose">
        {SEARCH_HELP.map(({ title, text, examples }) => (
          <section key={title}>
            <h2>{title}</h2>
            <p>{text}</p>
            <Examples title={title} examples={examples} />
          </section>
        ))}
        <h2>Fields of each list</h2>
        <ul>
          {Object.entries(SEARCH_FIELDS).map(([list, fields]) => (
            <li key={list}>
              {list}: <span className="cas-mono">{fields.join(', ')}</span>
            </li>
          ))}
        </ul>
      </Content>
    </PageFrame>
  );
}

function Examples({
  title,
  examples,
}: {
  readonly title: string;
  readonly examples: readonly SearchExample[];
}) {
  return (
    <Table aria-label={title} variant="compact">
      <Thead>
        <Tr>
          <Th>Search</Th>
          <Th>Finds</Th>
        </Tr>
      </Thead>
      <Tbody>
        {examples.map(({ q, what }) => (
          <Tr key={q}>
            <Td dataLabel="Search">
              <TextLink to="/findings" search={{ q }}>
                <code>{q}</code>
              </TextLink>
            </Td>
            <Td dataLabel="Finds">{what}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
