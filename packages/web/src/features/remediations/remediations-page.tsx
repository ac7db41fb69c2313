import { Card, CardBody, CardFooter, CardTitle } from '@patternfly/react-core/dist/esm/components/Card';
import { useQuery } from '@tanstack/react-query';
import { remediationsQuery } from '../../api/queries.js';
import type { Remediation } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';

export function RemediationsPage({ mayAct }: { readonly mayAct: boolean }) {
  const query = useQuery(remediationsQuery);
  return (
    <PageFrame
      title="Remediations"
      lead="What Castellan can put right. A plan writes nothing; only an approved plan does."
      actions={
        <ButtonLink variant="secondary" to="/plans">
          Plans
        </ButtonLink>
      }
    >
      <Answer of={query} what="The remediations">
        {(items) =>
          items.length === 0 ? (
            <Empty title="This release has no remediations" />
          ) : (
            <Catalogue items={items} mayAct={mayAct} />
          )
        }
      </Answer>
    </PageFrame>
  );
}

function Catalogue({ items, mayAct }: { readonly items: readonly Remediation[]; readonly mayAct: boolean }) {
  return (
    <div className="cas-cards">
      {items.map((item) => (
        <Card key={item.slug}>
          <CardTitle component="h2">{item.title}</CardTitle>
          <CardBody>
            <p>
              <strong>Risk:</strong> {item.risk}
            </p>
            <p className="cas-row">
              Fixes
              {item.fixes.map((control) => (
                <TextLink key={control} to="/findings" search={{ control }}>
                  {control}
                </TextLink>
              ))}
            </p>
          </CardBody>
          {mayAct && (
            <CardFooter>
              <ButtonLink variant="secondary" to="/plans/new" search={{ remediation: item.slug }}>
                Ask for a plan
              </ButtonLink>
            </CardFooter>
          )}
        </Card>
      ))}
    </div>
  );
}
