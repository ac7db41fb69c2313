import { Text } from '@castellan/shared/model/bounds';
import { type Static, Type } from 'typebox';

/** What receivers of Alertmanager's kind are asked with, where they ask for something. */
export const AuthorizationSecrets = Type.Object({
  token: Type.Optional(
    Text(4096, 0, { title: 'Bearer token', description: 'Sent as Authorization: Bearer. Empty: none' }),
  ),
  password: Type.Optional(
    Text(1024, 0, { title: 'Password', description: 'Of the user name, for basic authentication' }),
  ),
});
export const userSetting = Type.Optional(
  Text(256, 0, { title: 'User name', description: 'For basic authentication. Empty: none' }),
);

type Given = Static<typeof AuthorizationSecrets>;

export function authorizationProblem(user: string | undefined, secrets: object): string | null {
  const { token = '', password = '' } = secrets as Given;
  if (token !== '' && user) return 'token: either a bearer token or a user name with a password';
  if (!/^[\x21-\x7e]*$/.test(token)) return 'token: it holds what no header can carry';
  if (user?.includes(':')) return 'user: a user name of basic authentication has no colon';
  return user && password === '' ? 'password: it is missing' : null;
}

export function authorizationOf(user: string | undefined, secrets: object): Record<string, string> {
  const { token = '', password = '' } = secrets as Given;
  if (token !== '') return { authorization: `Bearer ${token}` };
  if (!user) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
