/** The catalogue's sources, never a node's: a link is a thing that people trust. `Momentum 3.x manual, install.security (https://…)` as the words, linked. */
export function Sources({ sources }: { readonly sources: readonly string[] }) {
  if (sources.length === 0) return null;
  return (
    <div>
      <strong>Sources</strong>
      <ul className="cas-sources">
        {sources.map((source) => {
          const match = /^(.*?)\s*\(?(https:\/\/[^\s)]+)\)?$/.exec(source);
          return (
            <li key={source}>
              {match ? (
                <a href={match[2]} target="_blank" rel="noreferrer noopener" className="cas-break">
                  {match[1] || match[2]}
                </a>
              ) : (
                source
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
