import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { sessionQuery } from '../api/queries.js';
import type { Permission, User } from '../api/types.js';
import { SignInPage } from '../features/session/sign-in-page.js';
import { Answer } from '../ui/answer.js';
import { Shell } from './shell.js';

const CurrentUser = createContext<User | null>(null);

export function useUser(): User {
  const user = useContext(CurrentUser);
  if (!user) throw new Error('a page was shown without a session');
  return user;
}

/** Whether the session may do this: the server says so, and refuses it otherwise. */
export function useMay(permission: Permission): boolean {
  return useUser().permissions.includes(permission);
}

/** The name of who is signed in, if they may approve plans; null: they may not. */
export function useApprover(): string | null {
  const { name, permissions } = useUser();
  return permissions.includes('plan.approve') ? name : null;
}

/** The address stays while somebody signs in, so that a link from a page at night leads where it should. */
export function SessionGate() {
  const session = useQuery(sessionQuery);
  if (session.data === undefined) {
    return (
      <main className="cas-sign-in">
        <Answer of={session} what="The console">
          {() => null}
        </Answer>
      </main>
    );
  }
  if (session.data === null) return <SignInPage />;
  return (
    <CurrentUser value={session.data}>
      <Shell user={session.data} />
    </CurrentUser>
  );
}
