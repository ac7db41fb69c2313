import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { useState } from 'react';
import { besides, type DiffLine, type Hunk, readDiff } from './unified-diff.js';

const SIGN = { same: ' ', added: '+', removed: '-' } as const;
const WORD = { same: '', added: 'added: ', removed: 'removed: ' } as const;

/** A diff to be read before something is approved: one column, or before and after side by side. */
export function DiffView({ diff, label }: { readonly diff: string; readonly label: string }) {
  const [isSplit, setSplit] = useState(false);
  const hunks = readDiff(diff);
  if (hunks.length === 0) return <pre className="cas-diff cas-mono">{diff}</pre>;
  return (
    <div className="cas-diff-frame">
      <ToggleGroup isCompact aria-label={`How the diff of ${label} is shown`} className="cas-diff-choice">
        <ToggleGroupItem
          text="Unified"
          buttonId={`unified-${label}`}
          isSelected={!isSplit}
          onChange={() => setSplit(false)}
        />
        <ToggleGroupItem
          text="Side by side"
          buttonId={`split-${label}`}
          isSelected={isSplit}
          onChange={() => setSplit(true)}
        />
      </ToggleGroup>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users scroll it */}
      <section className="cas-diff cas-mono" tabIndex={0} aria-label={`Diff of ${label}`}>
        {hunks.map((hunk) => (
          <table key={hunk.header} className={isSplit ? 'cas-diff-split' : 'cas-diff-unified'}>
            <caption>{hunk.header}</caption>
            <tbody>{isSplit ? <SplitRows hunk={hunk} /> : <UnifiedRows hunk={hunk} />}</tbody>
          </table>
        ))}
      </section>
    </div>
  );
}

function UnifiedRows({ hunk }: { readonly hunk: Hunk }) {
  return hunk.lines.map((line) => (
    <tr key={`${line.before}/${line.after}`} className={`cas-diff-${line.kind}`}>
      <td className="cas-diff-number">{line.before}</td>
      <td className="cas-diff-number">{line.after}</td>
      <Text line={line} />
    </tr>
  ));
}

function SplitRows({ hunk }: { readonly hunk: Hunk }) {
  return besides(hunk.lines).map(({ left, right }) => (
    <tr key={`${left?.before}/${right?.after}`}>
      <Side line={left} number={left?.before ?? null} />
      <Side line={right} number={right?.after ?? null} />
    </tr>
  ));
}

function Side({ line, number }: { readonly line: DiffLine | null; readonly number: number | null }) {
  if (!line) return <td colSpan={2} className="cas-diff-gap" />;
  return (
    <>
      <td className={`cas-diff-number cas-diff-${line.kind}`}>{number}</td>
      <Text line={line} />
    </>
  );
}

function Text({ line }: { readonly line: DiffLine }) {
  return (
    <td className={`cas-diff-text cas-diff-${line.kind}`}>
      <span className="pf-v6-screen-reader">{WORD[line.kind]}</span>
      <span aria-hidden="true" className="cas-diff-sign">
        {SIGN[line.kind]}
      </span>
      {line.text}
    </td>
  );
}
