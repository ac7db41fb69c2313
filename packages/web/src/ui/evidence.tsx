import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';

interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly scope?: string;
  readonly object?: string;
}
interface Violation {
  readonly at: Place;
  readonly found: string;
  readonly proposed?: string;
}

/** `/opt/msys/…/ecelerity.conf:12`. Long paths break where a folder ends. */
export function PlaceText({ at }: { readonly at: Place }) {
  const where = at.file ? `${at.file}${at.line ? `:${at.line}` : ''}` : at.object;
  return (
    <>
      {where ? (
        <code className="cas-mono cas-break">{where}</code>
      ) : (
        <span className="cas-quiet">the default</span>
      )}
    </>
  );
}

/** Where a control fails, what is there, and what should be. */
export function Evidence({
  violations,
  more,
}: {
  readonly violations: readonly Violation[];
  readonly more?: number | undefined;
}) {
  if (violations.length === 0) return <p className="cas-quiet">The node named no single place.</p>;
  return (
    <>
      <Table aria-label="Evidence" variant="compact" gridBreakPoint="grid-lg">
        <Thead>
          <Tr>
            <Th>Where</Th>
            <Th>Scope</Th>
            <Th>Found</Th>
            <Th>Proposed</Th>
          </Tr>
        </Thead>
        <Tbody>
          {violations.map((violation) => (
            <Tr key={JSON.stringify(violation)}>
              <Td dataLabel="Where">
                <PlaceText at={violation.at} />
              </Td>
              <Td dataLabel="Scope">
                {violation.at.scope ? (
                  <code className="cas-mono cas-break">{violation.at.scope}</code>
                ) : (
                  <span className="cas-quiet">whole file</span>
                )}
              </Td>
              <Td dataLabel="Found">
                <code className="cas-mono cas-break">{violation.found}</code>
              </Td>
              <Td dataLabel="Proposed">
                {violation.proposed ? (
                  <code className="cas-mono cas-break">{violation.proposed}</code>
                ) : (
                  <span className="cas-quiet">see below</span>
                )}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {more !== undefined && more > 0 && <p className="cas-quiet">and {more} more places on the node.</p>}
    </>
  );
}
