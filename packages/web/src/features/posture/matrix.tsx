import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { useQuery } from '@tanstack/react-query';
import { type PostureSearch, postureCsv, postureMatrixQuery } from '../../api/posture.js';
import type { PostureMatrix } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { TextLink } from '../../ui/link.js';
import { CsvLink } from '../../ui/list.js';
import { Block } from '../../ui/page.js';
import { SEVERITY_NAMES, SeverityLabel } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';

interface Props {
  readonly search: PostureSearch;
  readonly onChange: (search: PostureSearch) => void;
}

type Cell = PostureMatrix['cells'][number];

/** Controls by groups; of one group, controls by nodes. */
export function Matrix({ search, onChange }: Props) {
  const query = useQuery(postureMatrixQuery(search));
  const of = search.group === undefined ? 'groups' : `the nodes of ${search.group}`;
  return (
    <Block
      title={`Controls by ${of}`}
      id="matrix"
      actions={<CsvLink href={postureCsv.matrix(search)} about="the matrix" />}
    >
      <Answer of={query} what="The matrix">
        {(matrix) =>
          matrix.cells.length === 0 ? (
            <Empty title="No node was judged yet">A node is, as soon as its agent has joined.</Empty>
          ) : (
            <>
              <MatrixTable matrix={matrix} search={search} />
              {matrix.left > 0 && (
                <p className="cas-quiet">
                  {matrix.left.toLocaleString('en')} smaller groups are not shown; they count in the fleet.
                </p>
              )}
              <Pages matrix={matrix} search={search} onChange={onChange} />
            </>
          )
        }
      </Answer>
    </Block>
  );
}

function MatrixTable({ matrix, search }: { readonly matrix: PostureMatrix; readonly search: PostureSearch }) {
  const cells = new Map(matrix.cells.map((cell) => [`${cell.control} ${cell.column}`, cell]));
  const controls = matrix.controls.filter(({ id }) => search.control === undefined || id === search.control);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keyboard too
    <section className="cas-matrix" aria-labelledby="matrix" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Control</th>
            {matrix.columns.map(({ id, name }) => (
              <th key={id} scope="col">
                {matrix.kind === 'nodes' ? (
                  <TextLink to={`/nodes/${id}`}>{name}</TextLink>
                ) : (
                  <TextLink to="/posture" search={{ ...search, group: id }}>
                    {name}
                  </TextLink>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {controls.map(({ id, title }) => (
            <tr key={id}>
              <th scope="row">
                <TextLink to="/posture" search={{ ...search, control: id }}>
                  {id}
                </TextLink>
                <div className="cas-quiet">{title}</div>
              </th>
              {matrix.columns.map((column) => (
                <td key={column.id}>
                  <CellView cell={cells.get(`${id} ${column.id}`)} kind={matrix.kind} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CellView({ cell, kind }: { readonly cell: Cell | undefined; readonly kind: PostureMatrix['kind'] }) {
  if (!cell) return <span className="cas-quiet">not judged</span>;
  const worst = SEVERITY_NAMES.find((severity) => severity === cell.state);
  if (!worst) return <StateLabel state={cell.state === 'pass' ? 'pass' : 'indeterminate'} />;
  const where = kind === 'nodes' ? { node: cell.column } : { group: cell.column };
  return (
    <TextLink to="/findings" search={{ control: cell.control, ...where }}>
      <span className="cas-row">
        <SeverityLabel severity={worst} />
        {cell.count.toLocaleString('en')} open
      </span>
    </TextLink>
  );
}

function Pages({ matrix, search, onChange }: Props & { readonly matrix: PostureMatrix }) {
  if (matrix.next === null && matrix.previous === null) return null;
  const go = (cursor: string | null) => cursor !== null && onChange({ ...search, cursor });
  return (
    <nav className="cas-row" aria-label="Pages of nodes">
      <Button variant="secondary" isDisabled={matrix.previous === null} onClick={() => go(matrix.previous)}>
        Previous
      </Button>
      <Button variant="secondary" isDisabled={matrix.next === null} onClick={() => go(matrix.next)}>
        Next
      </Button>
    </nav>
  );
}
