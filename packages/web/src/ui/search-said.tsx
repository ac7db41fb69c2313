import { TextLink } from './link.js';
import { searchWords } from './search-words.js';

/** Under a search's field: what it is read as, what may not be meant, or where it cannot be read; and the way to the help. */
export function SearchSaid({ text }: { readonly text: string }) {
  const said = searchWords(text);
  return (
    <div className="cas-search-said" aria-live="polite">
      {said?.kind === 'read' && (
        <span>
          Finds what is {said.words}.{said.hints.map((hint) => ` Note: ${hint}.`).join('')}{' '}
        </span>
      )}
      {said?.kind === 'wrong' && (
        <div role="alert">
          <pre className="cas-mono cas-search-wrong">
            {said.before}
            <mark>{said.at || '▁'}</mark>
            {said.behind}
          </pre>
          Character {[...said.before].length + 1}: {said.message}.
          {said.suggestion !== null && (
            <>
              {' '}
              Write <code>{said.suggestion}</code>.
            </>
          )}{' '}
        </div>
      )}
      <TextLink to="/search-help">Search help</TextLink>
    </div>
  );
}
