import type { SearchSource, Words } from './search/source.js';
import type { VocabularySource } from './search/vocabulary.js';

const VOCABULARY = 'finding_vocabulary';

/** What findings are searched by. */
export const findingsSearched = (words: Words): SearchSource => ({
  text: 'f.title',
  index: { table: 'finding_words', vocabulary: VOCABULARY, number: 'f.seq', rows: 'findings', words },
  fields: {
    node: { kind: 'words', sql: 'f.node_name', column: 'node' },
    control: { kind: 'words', sql: 'f.control', column: 'control' },
    subject: { kind: 'words', sql: 'f.subject', column: 'subject' },
    title: { kind: 'words', sql: 'f.title', column: 'title' },
    summary: { kind: 'words', sql: 'f.summary', column: 'summary' },
    group: { kind: 'words', sql: 'f.group_name' },
    remediation: { kind: 'words', sql: "coalesce(f.remediation, '')" },
    severity: { kind: 'value', sql: 'f.severity' },
    state: { kind: 'value', sql: 'f.state' },
    opened: { kind: 'time', sql: 'f.opened_at' },
    updated: { kind: 'time', sql: 'f.updated_at' },
  },
});

/** Findings say what has changed of them, the newest changes of it: who was away for longer reads all words anew. */
export const FINDING_WORDS: VocabularySource = {
  vocabulary: VOCABULARY,
  numbers:
    'select (select max(n) from finding_changes) as newest, (select min(n) from finding_changes) as oldest',
  changes: `select c.n, f.title || ' ' || f.summary || ' ' || f.control || ' ' || f.subject || ' ' || f.node_name || ' '
      || coalesce(case when json_valid(f.verdict_json) then (select group_concat(j.atom, ' ')
        from json_tree(f.verdict_json) as j where j.type in ('text', 'integer', 'real')) end, '') as text
    from finding_changes as c left join findings as f on f.rowid = c.finding where c.n > ? order by c.n limit ?`,
};
