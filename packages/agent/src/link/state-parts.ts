import type { Verdict } from '@castellan/shared/model/verdict';
import { FRAME_BYTES_MAX, type State } from '@castellan/shared/protocol/messages';

const VERDICTS_MAX = 64;
/** Leaves room for the frame's other members. */
const PART_BYTES_MAX = FRAME_BYTES_MAX - 4096;

export interface CurrentState {
  readonly digest: string;
  readonly observedAt: string;
  readonly verdicts: readonly Verdict[];
}

/** The state in frames that are not too large. An empty state is one part. */
export function statePartsOf({ digest, observedAt, verdicts }: CurrentState): State[] {
  const groups: Verdict[][] = [[]];
  let bytes = 0;
  for (const whole of verdicts) {
    const size = Buffer.byteLength(JSON.stringify(whole)) + 1;
    const group = groups.at(-1) ?? [];
    if (group.length > 0 && (group.length >= VERDICTS_MAX || bytes + size > PART_BYTES_MAX)) {
      groups.push([whole]);
      bytes = size;
    } else {
      group.push(whole);
      bytes += size;
    }
  }
  return groups.map((group, index) => ({
    type: 'state',
    digest,
    part: index + 1,
    parts: groups.length,
    observedAt,
    verdicts: group,
  }));
}
