import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import {
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
} from '@patternfly/react-core/dist/esm/components/Masthead';
import { Nav, NavItem, NavList } from '@patternfly/react-core/dist/esm/components/Nav';
import {
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
} from '@patternfly/react-core/dist/esm/components/Page';
import { SkipToContent } from '@patternfly/react-core/dist/esm/components/SkipToContent';
import AlertsIcon from '@patternfly/react-icons/dist/esm/icons/bell-icon';
import SilencesIcon from '@patternfly/react-icons/dist/esm/icons/bell-slash-icon';
import CertificatesIcon from '@patternfly/react-icons/dist/esm/icons/certificate-icon';
import PostureIcon from '@patternfly/react-icons/dist/esm/icons/chart-area-icon';
import SettingsIcon from '@patternfly/react-icons/dist/esm/icons/cog-icon';
import AuditIcon from '@patternfly/react-icons/dist/esm/icons/history-icon';
import FindingsIcon from '@patternfly/react-icons/dist/esm/icons/list-icon';
import TargetsIcon from '@patternfly/react-icons/dist/esm/icons/paper-plane-icon';
import RunsIcon from '@patternfly/react-icons/dist/esm/icons/play-icon';
import NodesIcon from '@patternfly/react-icons/dist/esm/icons/server-icon';
import SignOutIcon from '@patternfly/react-icons/dist/esm/icons/sign-out-alt-icon';
import OverviewIcon from '@patternfly/react-icons/dist/esm/icons/tachometer-alt-icon';
import RemediationsIcon from '@patternfly/react-icons/dist/esm/icons/wrench-icon';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { signOut } from '../api/calls.js';
import type { User } from '../api/types.js';
import { Mark } from '../ui/mark.js';
import { Keyboard } from './keyboard.js';
import { LiveMark, LostBanner, useLive } from './live-state.js';
import { ThemeChoice } from './theme-choice.js';

const PLACES = [
  { to: '/', name: 'Overview', Icon: OverviewIcon, under: [] },
  { to: '/alerts', name: 'Alerts', Icon: AlertsIcon, under: [] },
  { to: '/posture', name: 'Posture', Icon: PostureIcon, under: [] },
  { to: '/findings', name: 'Findings', Icon: FindingsIcon, under: [] },
  { to: '/nodes', name: 'Nodes', Icon: NodesIcon, under: [] },
  { to: '/certificates', name: 'Certificates', Icon: CertificatesIcon, under: [] },
  { to: '/remediations', name: 'Remediations', Icon: RemediationsIcon, under: ['/plans'] },
  { to: '/runs', name: 'Runs', Icon: RunsIcon, under: [] },
  { to: '/silences', name: 'Silences', Icon: SilencesIcon, under: [] },
  { to: '/targets', name: 'Targets', Icon: TargetsIcon, under: ['/deliveries'] },
  { to: '/audit', name: 'Audit', Icon: AuditIcon, under: [], needs: 'audit.read' },
  { to: '/settings', name: 'Settings', Icon: SettingsIcon, under: [] },
] as const;

/** Where this person may go. */
function placesOf({ permissions }: User) {
  return PLACES.filter((place) => !('needs' in place) || permissions.includes(place.needs));
}

/** PatternFly's xl: from here on the navigation stands beside the page. */
const WIDE = '(min-width: 75rem)';
const MAIN = 'main';

export function Shell({ user }: { readonly user: User }) {
  const live = useLive();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(() => matchMedia(WIDE).matches);
  // On a narrow screen the navigation covers the page: going somewhere closes it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what this waits for
  useEffect(() => {
    if (!matchMedia(WIDE).matches) setOpen(false);
  }, [pathname]);
  return (
    <Page
      mainContainerId={MAIN}
      // A page without links, such as the audit's, is scrolled by the keyboard too.
      mainTabIndex={0}
      skipToContent={<SkipToContent href={`#${MAIN}`}>Skip to content</SkipToContent>}
      masthead={<Head user={user} live={live} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />}
      sidebar={
        <PageSidebar isSidebarOpen={isOpen}>
          <PageSidebarBody>
            <Places pathname={pathname} user={user} />
          </PageSidebarBody>
        </PageSidebar>
      }
    >
      <Keyboard main={MAIN} pages={placesOf(user)} />
      <LostBanner state={live} />
      <Outlet />
    </Page>
  );
}

function Places({ pathname, user }: { readonly pathname: string; readonly user: User }) {
  const places = placesOf(user);
  return (
    <Nav aria-label="Console">
      <NavList>
        {places.map(({ to, name, Icon, under }) => {
          const isHere =
            to === '/'
              ? pathname === '/'
              : [to, ...under].some((base) => pathname === base || pathname.startsWith(`${base}/`));
          return (
            <NavItem key={to} itemId={to} isActive={isHere} icon={<Icon />}>
              <Link to={to} activeOptions={{ exact: true }} search={{}}>
                <span className="pf-v6-c-nav__link-icon">
                  <Icon />
                </span>
                <span className="pf-v6-c-nav__link-text">{name}</span>
              </Link>
            </NavItem>
          );
        })}
      </NavList>
    </Nav>
  );
}

interface HeadProps {
  readonly user: User;
  readonly live: Parameters<typeof LiveMark>[0]['state'];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Head({ user, live, isOpen, onToggle }: HeadProps) {
  const client = useQueryClient();
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      client.setQueryData(['session'], null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
  return (
    <Masthead display={{ default: 'inline' }}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton
            isHamburgerButton
            aria-label="Navigation"
            isSidebarOpen={isOpen}
            onSidebarToggle={onToggle}
          />
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={HomeLink}>
            <span className="cas-brand">
              <Mark />
              Castellan
            </span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="cas-masthead">
          <LiveMark state={live} />
          <ThemeChoice />
          <span className="cas-user">{user.name}</span>
          <Button
            variant="plain"
            aria-label={`Sign out ${user.name}`}
            title="Sign out"
            icon={<SignOutIcon />}
            onClick={() => leaving.mutate()}
          />
        </div>
      </MastheadContent>
    </Masthead>
  );
}

function HomeLink(props: Readonly<Record<string, unknown>>) {
  return <Link {...props} to="/" search={{}} />;
}
