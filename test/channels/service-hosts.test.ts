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
    ['http://127.0.0.1:3000/', false],
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
