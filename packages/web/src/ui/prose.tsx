import { Content } from '@patternfly/react-core/dist/esm/components/Content';
import type { ReactNode } from 'react';
import { type Piece, readProse, readSpans, type Span } from './markdown.js';

/** A control's page as its authors wrote it. Builds elements, never markup, so that no text can become code. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <Content className="cas-prose">
      {readProse(text).map((piece) => (
        <Paragraph key={piece.id} piece={piece} />
      ))}
    </Content>
  );
}

function Paragraph({ piece }: { readonly piece: Piece }) {
  switch (piece.kind) {
    case 'heading':
      return <h3>{spans(piece.text)}</h3>;
    case 'code':
      return <pre className="cas-mono cas-pre">{piece.text}</pre>;
    case 'list':
      return (
        <ul>
          {piece.items.map((item) => (
            <li key={item}>{spans(item)}</li>
          ))}
        </ul>
      );
    case 'text':
      return <p>{spans(piece.text)}</p>;
  }
}

function spans(text: string): ReactNode[] {
  return readSpans(text).map((span) => <Words key={span.id} span={span} />);
}

function Words({ span }: { readonly span: Span }) {
  switch (span.kind) {
    case 'code':
      return <code className="cas-mono">{span.text}</code>;
    case 'strong':
      return <strong>{span.text}</strong>;
    case 'link':
      return (
        <a href={span.href} target="_blank" rel="noreferrer noopener">
          {span.text}
        </a>
      );
    case 'text':
      return span.text;
  }
}
