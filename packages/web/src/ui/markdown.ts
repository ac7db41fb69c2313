/** `id` is the place in the text: stable while the text is. */
export type Piece =
  | { readonly kind: 'heading' | 'code' | 'text'; readonly id: number; readonly text: string }
  | { readonly kind: 'list'; readonly id: number; readonly items: readonly string[] };

export type Span =
  | { readonly kind: 'text' | 'code' | 'strong'; readonly id: number; readonly text: string }
  | { readonly kind: 'link'; readonly id: number; readonly text: string; readonly href: string };

/** The little Markdown that control pages use: headings, paragraphs, lists, fenced code. Anything else stays text. */
export function readProse(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let paragraph: string[] = [];
  let items: string[] = [];
  let fence: string[] | null = null;
  const settle = () => {
    if (paragraph.length > 0) pieces.push({ kind: 'text', id: pieces.length, text: paragraph.join(' ') });
    if (items.length > 0) pieces.push({ kind: 'list', id: pieces.length, items });
    paragraph = [];
    items = [];
  };
  for (const line of markdown.split('\n')) {
    if (fence) {
      if (!line.startsWith('```')) fence.push(line);
      else {
        pieces.push({ kind: 'code', id: pieces.length, text: fence.join('\n') });
        fence = null;
      }
      continue;
    }
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(line);
    if (line.startsWith('```')) {
      settle();
      fence = [];
    } else if (heading) {
      settle();
      pieces.push({ kind: 'heading', id: pieces.length, text: heading[1] ?? '' });
    } else if (item) {
      if (paragraph.length > 0) settle();
      items.push(item[1] ?? '');
    } else if (line.trim() === '') settle();
    else if (items.length > 0) items.push(`${items.pop()} ${line.trim()}`);
    else paragraph.push(line.trim());
  }
  if (fence) pieces.push({ kind: 'code', id: pieces.length, text: fence.join('\n') });
  settle();
  return pieces;
}

const SPAN = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g;

export function readSpans(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > end) spans.push({ kind: 'text', id: end, text: text.slice(end, match.index) });
    const id = match.index;
    const [whole, code, strong, label, href] = match;
    if (code !== undefined) spans.push({ kind: 'code', id, text: code });
    else if (strong !== undefined) spans.push({ kind: 'strong', id, text: strong });
    else if (label !== undefined && href !== undefined) spans.push({ kind: 'link', id, text: label, href });
    end = id + whole.length;
  }
  if (end < text.length) spans.push({ kind: 'text', id: end, text: text.slice(end) });
  return spans;
}
