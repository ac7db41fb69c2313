import { Content } from '@patternfly/react-core/dist/esm/components/Content';
import { PageSection } from '@patternfly/react-core/dist/esm/components/Page';
import { Title } from '@patternfly/react-core/dist/esm/components/Title';
import { type ReactNode, useEffect } from 'react';
import { TextLink } from './link.js';

interface Props {
  readonly title: string;
  /** One line under the title: what this page is for, or the thing's state in words. */
  readonly lead?: ReactNode;
  /** Where it belongs: `Findings` above a finding. */
  readonly above?: { readonly to: string; readonly name: string };
  readonly labels?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function PageFrame({ title, lead, above, labels, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Castellan`;
  }, [title]);
  return (
    <>
      <PageSection className="cas-head" hasBodyWrapper={false}>
        {above && (
          <nav aria-label="Above this page" className="cas-above">
            <span aria-hidden="true">‹ </span>
            <TextLink to={above.to}>{above.name}</TextLink>
          </nav>
        )}
        <div className="cas-head-row">
          <div className="cas-head-words">
            <Title headingLevel="h1" size="2xl">
              {title}
            </Title>
            {labels && <div className="cas-row cas-head-labels">{labels}</div>}
            {lead && <Content component="p">{lead}</Content>}
          </div>
          {actions && <div className="cas-row cas-actions">{actions}</div>}
        </div>
      </PageSection>
      <PageSection hasBodyWrapper={false} className="cas-body">
        {children}
      </PageSection>
    </>
  );
}

export function Block({
  title,
  id,
  children,
  actions,
}: {
  readonly title: string;
  readonly id: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <section className="cas-block" aria-labelledby={id}>
      <div className="cas-head-row">
        <Title headingLevel="h2" size="lg" id={id}>
          {title}
        </Title>
        {actions && <div className="cas-row">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
