import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import {
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from '@patternfly/react-core/dist/esm/components/EmptyState';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import type { ComponentType, ReactNode } from 'react';

interface Problem {
  readonly message: string;
  readonly code?: string;
  readonly requestId?: string | null;
}

/** What went wrong with a call, with what a colleague needs to find it in the server's log. */
export function ProblemAlert({
  problem,
  title,
  onRetry,
}: {
  readonly problem: Problem | null;
  readonly title: string;
  readonly onRetry?: () => void;
}) {
  if (!problem) return null;
  return (
    <Alert
      isInline
      variant="danger"
      title={title}
      component="p"
      actionLinks={
        onRetry && (
          <Button variant="link" isInline onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {problem.message}
      {problem.code && (
        <div className="cas-quiet cas-mono">
          {[problem.code, problem.requestId].filter(Boolean).join(' · ')}
        </div>
      )}
    </Alert>
  );
}

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Problem | null;
  readonly refetch: () => unknown;
}

/**
 * Shows the answer of a call, or why there is none yet. An old answer stays on the screen when a refresh fails: at
 * night something old with a warning is better than nothing.
 */
export function Answer<T>({
  of: asked,
  what,
  children,
  rows = 4,
}: {
  readonly of: Asked<T>;
  readonly what: string;
  readonly children: (data: T) => ReactNode;
  readonly rows?: number;
}) {
  if (asked.data !== undefined) {
    return (
      <>
        <ProblemAlert
          problem={asked.error}
          title={`${what} could not be refreshed; this is what was known before.`}
          onRetry={() => void asked.refetch()}
        />
        {children(asked.data)}
      </>
    );
  }
  if (asked.error)
    return (
      <ProblemAlert
        problem={asked.error}
        title={`${what} could not be loaded.`}
        onRetry={() => void asked.refetch()}
      />
    );
  return (
    <div className="cas-stack" role="status" aria-label={`${what}: loading`}>
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <Skeleton key={key} height="2.5rem" />
      ))}
    </div>
  );
}

/** Says which kind of empty it is: nothing exists, nothing matches, nothing is wrong. */
export function Empty({
  title,
  children,
  icon,
  actions,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ComponentType;
  readonly actions?: ReactNode;
}) {
  return (
    <EmptyState variant="sm" titleText={title} headingLevel="h2" {...(icon ? { icon } : {})}>
      {children && <EmptyStateBody>{children}</EmptyStateBody>}
      {actions && (
        <EmptyStateFooter>
          <EmptyStateActions>{actions}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
