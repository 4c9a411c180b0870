/**
 * Where replies may be sent. An activity names its own service address, so it is held against an exact list before
 * anything is stored or sent: never a suffix, since trafficmanager.net hosts anybody's names.
 */
import { isLoopback } from '../loopback.ts';

/** Teams' and Direct Line's service hosts, as Microsoft documents them for the commercial and government clouds. */
const documentedHosts = [
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
  'directline.botframework.com',
];

/**
 * Makes the rule for `serviceUrl`. With an app id: https to a listed host. Without one everything is local: loopback
 * only, or no address at all where replies go back in the response.
 */
export function serviceHostRule(hasAppId: boolean, furtherHosts: readonly string[]) {
  const hosts = new Set([...documentedHosts, ...furtherHosts.map((host) => host.toLowerCase())]);
  /** The address that was allowed last: one channel sends the same one with every activity. */
  let allowed: string | undefined;
  return (serviceUrl: string | undefined): boolean => {
    if (serviceUrl === undefined) return !hasAppId;
    if (serviceUrl === allowed) return true;
    const isAllowed = judge(serviceUrl);
    if (isAllowed) allowed = serviceUrl;
    return isAllowed;
  };

  function judge(serviceUrl: string): boolean {
    // Paths are added to it; and not everybody reads a \ as we do, or what stands around an address.
    if (/[\s\\?#]/.test(serviceUrl) || !URL.canParse(serviceUrl)) return false;
    const { protocol, host, hostname, username, password } = new URL(serviceUrl);
    if (username || password) return false;
    if (hasAppId) return protocol === 'https:' && hosts.has(host);
    return /^https?:$/.test(protocol) && isLoopback(hostname);
  }
}
