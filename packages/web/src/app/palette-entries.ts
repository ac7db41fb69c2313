/** A place that the palette leads to. */
export interface Entry {
  readonly id: string;
  readonly kind: 'Page' | 'Node' | 'Finding' | 'Control';
  readonly name: string;
  readonly more?: string;
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

/** The most entries of one kind. */
export const ENTRIES_MAX = 10;
const FINDING_ID = /^fnd_[A-Za-z0-9_-]{1,120}$/;

interface Known {
  readonly pages: readonly { readonly to: string; readonly name: string }[];
  /** What the server found for these words, best first. */
  readonly nodes: readonly { readonly id: string; readonly name: string; readonly group: string }[];
  readonly controls: readonly { readonly id: string; readonly title: string }[];
}

/** What the typed words can mean: pages first, then nodes, a finding by its id, controls. Nothing typed: the pages. */
export function entriesFor(typed: string, { pages, nodes, controls }: Known): Entry[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const found: Entry[] = pages
    .filter(({ name }) => fits(name))
    .map(({ to, name }) => ({ id: `page ${to}`, kind: 'Page', name, to }));
  if (words.length === 0) return found;
  for (const { id, name, group } of nodes.slice(0, ENTRIES_MAX))
    found.push({ id: `node ${id}`, kind: 'Node', name, more: group, to: `/nodes/${id}` });
  const finding = typed.trim();
  if (FINDING_ID.test(finding))
    found.push({ id: finding, kind: 'Finding', name: finding, to: `/findings/${finding}` });
  for (const { id, title } of controls
    .filter((control) => fits(`${control.id} ${control.title}`))
    .slice(0, ENTRIES_MAX))
    found.push({
      id: `control ${id}`,
      kind: 'Control',
      name: id,
      more: title,
      to: '/findings',
      search: { control: id },
    });
  return found;
}
