import { Button } from '@patternfly/react-core/dist/esm/components/Button';

interface Props {
  readonly of: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    fetchNextPage(): Promise<unknown>;
  };
}

/** Under a list that comes page by page: the next page, where there is one. */
export function ShowMore({ of: query }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <Button
      variant="secondary"
      isLoading={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      Show more
    </Button>
  );
}
