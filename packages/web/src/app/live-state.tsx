import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import LiveIcon from '@patternfly/react-icons/dist/esm/icons/circle-icon';
import LostIcon from '@patternfly/react-icons/dist/esm/icons/unlink-icon';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type LiveState, startLive } from '../api/live.js';

/** A blink of the network is not worth a banner; a silence this long is. */
const BANNER_AFTER_MS = 2_000;

export function useLive(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => startLive(client, setState), [client]);
  return state;
}

export function LiveMark({ state }: { readonly state: LiveState }) {
  if (state === 'live') {
    return (
      <Label isCompact variant="outline" color="green" icon={<LiveIcon />}>
        Live
      </Label>
    );
  }
  return (
    <Label isCompact variant="outline" color={state === 'lost' ? 'orange' : 'grey'} icon={<LostIcon />}>
      {state === 'lost' ? 'Not live' : 'Connecting'}
    </Label>
  );
}

/** Says since when what is on the screen may be old. */
export function LostBanner({ state }: { readonly state: LiveState }) {
  const [since, setSince] = useState<string | null>(null);
  useEffect(() => {
    setSince(null);
    if (state !== 'lost') return;
    const lostAt = new Date().toISOString();
    const timer = setTimeout(() => setSince(lostAt), BANNER_AFTER_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <div role="status">
      {since && (
        <div className="cas-lost">
          <LostIcon /> Not connected to the server since {since.slice(11, 19)} UTC. What you see may be old;
          it comes up to date by itself.
        </div>
      )}
    </div>
  );
}
