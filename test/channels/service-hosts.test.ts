import { expect } from 'chai';
import { serviceHostRule } from '../../src/channels/service-hosts.ts';

describe('service addresses with an app id', () => {
  const allows = serviceHostRule(true, ['Europe.Directline.Botframework.com']);
  const cases: [string | undefined, boolean][] = [
    ['https://smba.trafficmanager.net/emea/', true],
    ['https://directline.botframework.com/', true],
    ['https://europe.directline.botframework.com/', true],
    ['http://smba.trafficmanager.net/emea/', false],
    ['https://evil.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net.evil.example/', false],
    ['https://smba.trafficmanager.net@evil.example/', false],
    ['https://user:pass@smba.trafficmanager.net/', false],
    ['HTTPS://SMBA.TrafficManager.NET/emea/', true],
    ['https://smba.trafficmanager.net:443/emea/', true],
    ['https://smba.trafficmanager.net:8443/emea/', false],
    ['https://smba.trafficmanager.net./emea/', false],
    ['https://xsmba.trafficmanager.net/emea/', false],
    ['https://smba.trafficmanager.net%2eevil.example/', false],
    ['https://smba.trafficmanager.net%00.evil.example/', false],
    ['https://evil.example/https://smba.trafficmanager.net/', false],
    ['https://evil.example?https://smba.trafficmanager.net/', false],
    ['https://evil.example#smba.trafficmanager.net', false],
    ['https://:@evil.example:443@smba.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net\\@evil.example/', false],
    [' https://smba.trafficmanager.net/emea/', false],
    ['https://smba.trafficmanager.net/emea/?x=', false],
    ['https://smba.trafficmanager.net/emea/?x=1', false],
    ['https://smba.trafficmanager.net/emea/#v3', false],
    ['wss://smba.trafficmanager.net/emea/', false],
    ['//smba.trafficmanager.net/emea/', false],
    ['https:///emea/', false],
    ['https://xn--smba-trafficmanager-net/', false],
    ['http://127.0.0.1:3000/', false],
    ['https://127.0.0.1/', false],
    ['https://[::1]/', false],
    ['https://169.254.169.254/', false],
    ['not an address', false],
    [undefined, false],
  ];
  for (const [address, allowed] of cases) {
    it(`${allowed ? 'allows' : 'refuses'} ${address}`, () => expect(allows(address)).to.equal(allowed));
  }
});

describe('service addresses without an app id', () => {
  const allows = serviceHostRule(false, []);
  const cases: [string | undefined, boolean][] = [
    ['http://localhost:56150/_connector', true],
    ['http://127.0.0.1:3000', true],
    ['http://[::1]:3000', true],
    [undefined, true],
    ['https://smba.trafficmanager.net/', false],
    ['http://127.0.0.1.evil.example/', false],
    ['http://169.254.169.254/', false],
    ['file:///etc/passwd', false],
  ];
  for (const [address, allowed] of cases) {
    it(`${allowed ? 'allows' : 'refuses'} ${address}`, () => expect(allows(address)).to.equal(allowed));
  }
});
