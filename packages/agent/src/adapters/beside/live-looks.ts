import type { FarFound } from './far-looks.js';
import { LOOK_FIELDS, readLook } from './far-looks.js';
import type { FarSession } from './far-session.js';
import { FAR_MS_MAX, notWhatWasAsked, type Want } from './look-store.js';
import type { Looks } from './snapshot-files.js';

/** Each question is put to the node when it comes: for a run, which acts on what is there now. */
export function liveLooks(session: FarSession): Looks {
  return {
    get(path: string, follow: boolean, want: Want | null, bytesMax = 0): FarFound {
      const fields = [path, follow ? '1' : '0', want ?? '', String(bytesMax)];
      const answer = session.requestNow('L', fields, FAR_MS_MAX);
      const found =
        answer.kind === 'answered' && answer.parts.length === LOOK_FIELDS ? readLook(answer.parts) : null;
      if (!found) throw notWhatWasAsked();
      return found;
    },
  };
}
