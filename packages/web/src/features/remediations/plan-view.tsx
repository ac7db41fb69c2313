import { Card, CardBody, CardTitle } from '@patternfly/react-core/dist/esm/components/Card';
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import type { Plan, PlannedChange } from '../../api/types.js';
import { DiffView } from '../../ui/diff-view.js';
import { Block } from '../../ui/page.js';

const KIND: Readonly<Record<PlannedChange['kind'], string>> = {
  file: 'File',
  access: 'Access',
  certificate: 'Certificate',
  program: 'Program',
  service: 'Service',
};

export function PlanView({ plan }: { readonly plan: Plan }) {
  return (
    <>
      <div className="cas-columns">
        <Lines
          title="What happens to services"
          id="effects"
          lines={plan.effects}
          none="Nothing is reloaded or restarted."
        />
        <Lines title="Risk" id="risk" lines={[plan.risk]} none="" />
        <Lines
          title="How it is known that it worked"
          id="verification"
          lines={plan.verification}
          none="The controls are judged again."
        />
        {plan.notes.length > 0 && (
          <Lines title="Noticed, and left alone" id="notes" lines={plan.notes} none="" />
        )}
      </div>
      <Block title={`Changes (${plan.changes.length})`} id="changes">
        <p className="cas-quiet">Secrets are masked. They were never sent here.</p>
        {plan.changes.map((change) => (
          <Change key={`${change.kind} ${change.target}`} change={change} />
        ))}
      </Block>
      {plan.signs && (
        <Lines
          title="What the server signs"
          id="signs"
          lines={plan.signs.map(
            ({ target, commonName, altNames, keyType, days }) =>
              `${target}: ${commonName} (${altNames.join(', ')}), ${keyType}, valid for ${days} days at most`,
          )}
          none=""
        />
      )}
      <Params params={plan.params} />
      <p className="cas-quiet">
        Digest of this plan: <code className="cas-mono cas-break">{plan.digest}</code>
      </p>
    </>
  );
}

function Change({ change }: { readonly change: PlannedChange }) {
  return (
    <Card isCompact>
      <CardTitle component="h3" className="cas-change-title">
        <Label isCompact variant="outline">
          {KIND[change.kind]}
        </Label>
        <code className="cas-mono cas-break">{change.target}</code>
      </CardTitle>
      <CardBody className="cas-stack">
        <p>{change.summary}</p>
        {change.kind === 'access' && (change.before ?? change.after) && (
          <p className="cas-row">
            <code className="cas-mono">{change.before ?? 'nothing'}</code>
            <span aria-hidden="true">→</span>
            <span className="pf-v6-screen-reader">becomes</span>
            <code className="cas-mono">{change.after ?? 'nothing'}</code>
          </p>
        )}
        {change.diff && <DiffView diff={change.diff} label={change.target} />}
      </CardBody>
    </Card>
  );
}

function Lines({
  title,
  id,
  lines,
  none,
}: {
  readonly title: string;
  readonly id: string;
  readonly lines: readonly string[];
  readonly none: string;
}) {
  return (
    <Block title={title} id={id}>
      {lines.length === 0 ? (
        <p>{none}</p>
      ) : lines.length === 1 ? (
        <p>{lines[0]}</p>
      ) : (
        <ul className="cas-bullets">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </Block>
  );
}

function Params({ params }: { readonly params: Plan['params'] }) {
  const given = Object.entries(params);
  if (given.length === 0) return null;
  return (
    <Block title="Parameters" id="params">
      <dl className="cas-facts">
        {given.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'object' ? 'given, secret' : String(value)}</dd>
          </div>
        ))}
      </dl>
    </Block>
  );
}
