/** The Bot Framework adapter: authenticates activities, runs a turn for each, and keeps its clients from turn to turn. */
import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationConstants,
  type BotFrameworkAuthentication,
  ClaimsIdentity,
  type ConnectorClient,
  type ConnectorClientOptions,
  type ConnectorFactory,
  type ServiceClientCredentialsFactory,
  TeamsConnectorClient,
  type UserTokenClient,
} from 'botframework-connector';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { AccessDeskError } from '../errors.ts';

type Logic = (context: TurnContext) => Promise<void>;

/** Whose turns come from a channel in this process; for them nothing of Bot Framework's service is asked. */
const local = new ClaimsIdentity([], 'local');

/** What stands for Microsoft's clouds; tests give their own. */
export interface BotFrameworkSurroundings {
  /** Where tokens of Bot Framework are checked: all of `ToBot...` and `ToChannel...`, or none. */
  readonly authority?: Readonly<Record<string, string>>;
  /** How this app signs in when it sends. */
  readonly credentials?: ServiceClientCredentialsFactory;
  readonly connector?: ConnectorClientOptions;
}

export class BotAdapter extends CloudAdapter {
  readonly #appId: string;
  readonly #sendTimeout: number;
  readonly #connectorOptions: ConnectorClientOptions | undefined;

  /** @param sendTimeout - ms after which a send has failed; Teams itself gives a bot 15 s */
  constructor(
    settings: Readonly<Record<string, string>>,
    sendTimeout = 10_000,
    { authority, credentials, connector }: BotFrameworkSurroundings = {},
  ) {
    const given = { ...settings, ...authority };
    const authentication = new ConfigurationBotFrameworkAuthentication(
      given,
      credentials,
      undefined,
      undefined,
      connector,
    );
    super(keepClients(authentication, sendTimeout, given.ToBotFromChannelTokenIssuer ?? channelIssuer));
    this.#appId = settings.MicrosoftAppId ?? '';
    this.#sendTimeout = sendTimeout;
    this.#connectorOptions = connector;
  }

  /** The client for a service address that was allowed, to send without having been asked. */
  connector(serviceUrl: string): Promise<ConnectorClient> {
    const identity = this.createClaimsIdentity(this.#appId);
    return this.botFrameworkAuthentication
      .createConnectorFactory(identity)
      .create(serviceUrl, undefined as unknown as string);
  }

  /** The Entra group that a team is, as Teams says; undefined where it says none. */
  async groupOf(serviceUrl: string, team: string): Promise<string | undefined> {
    const { credentials } = (await this.connector(serviceUrl)) as unknown as { credentials: never };
    const client = new TeamsConnectorClient(credentials, { ...this.#connectorOptions, baseUri: serviceUrl });
    sendOnce(client as unknown as ConnectorClient, this.#sendTimeout);
    return (await client.teams.fetchTeamDetails(team)).aadGroupId;
  }

  /** An activity from a channel of Bot Framework. Rejects with the framework's error when the token is not valid. */
  receive(authorization: string, activity: Activity, logic: Logic): Promise<InvokeResponse | undefined> {
    return this.processActivity(authorization, activity, logic);
  }

  /** An activity from a channel in this process; what the bot sends goes to `client`. */
  async receiveLocally(client: LocalConnector, activity: Activity, logic: Logic): Promise<void> {
    const connector = { conversations: client } as unknown as ConnectorClient;
    const sender: AuthenticateRequestResult = {
      audience: '',
      claimsIdentity: local,
      connectorFactory: { create: async () => connector } as ConnectorFactory,
    };
    await this.processActivity(sender, activity, logic);
  }
}

/** What of Bot Framework's connector a channel in this process offers. */
export interface LocalConnector {
  sendToConversation(conversationId: string, activity: Partial<Activity>): Promise<{ id: string }>;
  replyToActivity(conversationId: string, replyToId: string, activity: Partial<Activity>): Promise<{ id: string }>;
}

/** Who signs what Bot Framework's channels send. */
const channelIssuer = AuthenticationConstants.ToBotFromChannelTokenIssuer;

/** More service addresses than any tenant has. */
const mostConnectors = 500;

/**
 * The framework makes a connector client and a token client anew for every turn, the dearest part of a turn (measured:
 * 13 % of its CPU time). One process has one app id, so the clients can stay.
 */
function keepClients(
  authentication: BotFrameworkAuthentication,
  sendTimeout: number,
  issuer: string,
): BotFrameworkAuthentication {
  const connectors = new Map<string, Promise<ConnectorClient>>();
  let tokenClient: Promise<UserTokenClient> | undefined;
  const authenticate = authentication.authenticateRequest.bind(authentication);
  const createTokenClient = authentication.createUserTokenClient.bind(authentication);

  authentication.authenticateRequest = async (activity, header) => {
    if (isNoChannelToken(header, issuer)) throw notAuthenticated('the token is not one that a channel is given');
    const result = await authenticate(activity, header).catch((error: unknown) => {
      throw failureOfCheck(error);
    });
    return result.connectorFactory ? { ...result, connectorFactory: keeping(result.connectorFactory) } : result;
  };
  const createFactory = authentication.createConnectorFactory.bind(authentication);
  authentication.createConnectorFactory = (identity) => keeping(createFactory(identity));

  function keeping(factory: ConnectorFactory): ConnectorFactory {
    const create = (serviceUrl: string, audience: string) => {
      const key = `${audience}|${serviceUrl}`;
      const kept = connectors.get(key);
      if (kept) return kept;
      if (connectors.size >= mostConnectors) connectors.clear();
      const made = factory.create(serviceUrl, audience).then((client) => sendOnce(client, sendTimeout));
      connectors.set(key, made);
      made.catch(() => connectors.delete(key));
      return made;
    };
    return { create } as ConnectorFactory;
  }

  authentication.createUserTokenClient = (identity) => {
    if (identity === local) return Promise.resolve({} as UserTokenClient);
    tokenClient ??= createTokenClient(identity).catch((error) => {
      tokenClient = undefined;
      throw error;
    });
    return tokenClient;
  };
  return authentication;
}

/** The part of a connector's HTTP client that its types keep to themselves. */
interface Pipeline {
  removePolicy(which: { name: string }): unknown;
  addPolicy(policy: {
    name: string;
    sendRequest(request: { timeout: number }, next: (request: unknown) => unknown): unknown;
  }): unknown;
}

/**
 * Out of the box a send is tried four times over some seconds and never times out, while its conversation waits. The
 * channel repeats an activity that was not answered, which is retry enough.
 */
function sendOnce(client: ConnectorClient, timeout: number): ConnectorClient {
  const { pipeline } = (client as unknown as { client: { pipeline: Pipeline } }).client;
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  pipeline.addPolicy({
    name: 'sendTimeout',
    sendRequest(request, next) {
      request.timeout = timeout;
      return next(request);
    },
  });
  return client;
}

/**
 * The framework fetches keys before it looks at how a token is signed; one that can never be valid is refused before. It
 * would also take what no channel sends: a token without an end, and those of Entra for the emulator, with which whoever
 * has the app's secret could speak in anybody's name.
 */
function isNoChannelToken(header: string, issuer: string): boolean {
  const token = /^Bearer (\S+)$/i.exec(header)?.[1];
  if (!token) return false;
  try {
    const { alg } = decodeProtectedHeader(token);
    const { iss, exp } = decodeJwt(token);
    const isSigned = AuthenticationConstants.AllowedSigningAlgorithms.includes(alg as never);
    return !isSigned || iss !== issuer || typeof exp !== 'number';
  } catch {
    return true;
  }
}

function notAuthenticated(reason: string, cause?: unknown): AccessDeskError {
  return new AccessDeskError('ERR_NOT_AUTHENTICATED', reason, { cause });
}

/** What a token's check failed by: told by what the error has, since a bundle may give its class another name. */
function failureOfCheck(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { statusCode, name, message } = error as { statusCode?: unknown } & Error;
  const isRefused = statusCode === 401 || statusCode === 403;
  if (isRefused || /^(?:JsonWebTokenError|TokenExpiredError|NotBeforeError)$/.test(name)) {
    // Behind a colon stands what somebody else wrote.
    return notAuthenticated(message.split(':')[0] ?? '', error);
  }
  if (statusCode !== 500 && !isNetworkFailure(error)) return error;
  return new AccessDeskError('ERR_KEYS_UNAVAILABLE', 'Bot Framework tells no keys now', { cause: error });
}

function isNetworkFailure(error: Error): boolean {
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === 'string' && /^(?:ENOTFOUND|ECONN\w+|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code);
}
