/**
 * Settings: every variable with its default, meaning and rule in one table. `loadConfig` reads them all, reports every
 * problem at once and gives each room its own part. Only index.ts and cli.ts pass `process.env` in.
 */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import proxyAddr from 'proxy-addr';
import { z } from 'zod';
import { AccessDeskError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import { isTimeZone, officeHoursAdvice, readOfficeHours } from './tickets/office-hours.ts';

interface Setting<Rule extends z.ZodTypeAny = z.ZodTypeAny> {
  /** The value when the variable is not set or empty. */
  readonly standard: string;
  /** What `.env.example` says of it. */
  readonly meaning: string;
  readonly rule: Rule;
}

const text = z.string();
const emailAdvice = 'write one e-mail address, such as help@contoso.example';
const email = z.string().email(emailAdvice);
const emailOrNone = z.string().refine((value) => value === '' || email.safeParse(value).success, emailAdvice);
const webAddress = z
  .string()
  .refine(
    (value) => /^https?:$/.test(parseUrl(value)?.protocol ?? ''),
    'write a full address, such as https://www.contoso.example',
  )
  .transform((value) => value.replace(/\/+$/, ''));

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .refine(
      (value) => /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to,
      `write a whole number from ${from} to ${to}`,
    )
    .transform(Number);

/** A comma-separated list; empty parts are left out. */
const listOf = (accepts: (part: string) => boolean, advice: string) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => parts.every(accepts), advice);

/** Host, port and sign-in of a mail server; a path or query would be options that nobody checked. */
function readMailUrl(value: string) {
  const url = parseUrl(value);
  const [, secure, host] = url
    ? (/^smtp(s?): (\[[\da-f:.]+\]|[a-z\d](?:[a-z\d.-]*[a-z\d])?)$/i.exec(`${url.protocol} ${url.hostname}`) ?? [])
    : [];
  if (!url || !host || !/^\/?$/.test(url.pathname + url.search + url.hash) || (url.password && !url.username))
    return undefined;
  try {
    return {
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (secure ? 465 : 587),
      secure: secure === 's',
      ...(url.username && { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
    };
  } catch {
    return undefined;
  }
}
/**
 * An issuer: https, or http of this machine. Given with the path of its metadata it is meant without: with it,
 * openid-client would not fill in Microsoft's tenants (panva/openid-client #893).
 */
const issuer = z
  .string()
  .transform((value) => value.replace(/\/\.well-known\/openid-configuration$/, ''))
  .refine((value) => value === '' || isIssuer(value), {
    message:
      'write the issuer of an OpenID provider, https and without a query, such as https://login.microsoftonline.com/consumers/v2.0',
  });

const isIssuer = (value: string) => {
  const url = parseUrl(value);
  if (!url || /[\s|?#]/.test(value) || url.username !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
};

/** With a letter: what has none and is no address was meant to be one. */
const hostName = /^(?=.*[a-z])[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i;
/** A tenant's other name. */
const domain = /^(?:[a-z\d-]{1,63}\.)+[a-z][a-z\d-]*$/i;
const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** `tenant/objectId` or `issuer|subject`, both with `:lead` after it where it applies. */
const isStaffAccount = (value: string) => {
  const entry = value.replace(/:lead$/, '');
  const [tenant = '', object = ''] = entry.split('/');
  if (entry.split('/').length === 2 && guid.test(tenant) && guid.test(object)) return true;
  const [from = '', ...subject] = entry.split('|');
  return isIssuer(from) && subject.join('|').length > 0;
};

/** Microsoft's issuers that serve every organisation there is. */
const servesManyTenants = /^https:\/\/login\.microsoftonline\.[a-z.]+\/(?:common|organizations)(?:\/|$)/i;

/** JavaScript takes 2027-02-30 for a day in March. */
const isDay = (value: string) => {
  const at = /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(value) : undefined;
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
};

const isOrigin = (value: string) => {
  const url = parseUrl(value);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === value.toLowerCase();
};

/** Compared as text with what is asked for, so it has to be written as browsers write it. */
const isReturnAddress = (value: string) => {
  const url = parseUrl(value);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && !/\s/.test(value);
};

/**
 * An address, a CIDR range or a name, as proxy-addr reads it; it alone would take "10" for 0.0.0.10. Everybody (/0) is
 * nobody's proxy: all could choose their address.
 */
const isProxy = (value: string) => {
  const [, address = ''] = /^([\da-f.:]+)(?:\/\d{1,3})?$/i.exec(value) ?? [];
  if (!['loopback', 'linklocal', 'uniquelocal'].includes(value) && isIP(address) === 0) return false;
  try {
    return Boolean(proxyAddr.compile(value));
  } catch {
    return false;
  }
};

const isPostgres = (value: string) => /^postgres(?:ql)?:/.test(value);

const isStoreUrl = (value: string) => {
  if (!isPostgres(value)) return /^file:.+/.test(value);
  const url = parseUrl(value);
  return url !== undefined && url.hostname !== '' && /^\/[^/]+$/.test(url.pathname);
};

/** RFC 4648 or plain text: what counts is that 32 bytes or more came in. */
const isKey = (value: string) => Buffer.byteLength(value) >= 32;

const settings = {
  PORT: { standard: '3978', meaning: 'Port to listen on', rule: wholeNumber(1, 65535) },
  HOST: {
    standard: '127.0.0.1',
    meaning: 'Address to listen on; 0.0.0.0 for all',
    rule: text.refine(
      (value) => isIP(value) !== 0 || hostName.test(value),
      'write an address or name of this machine, such as 127.0.0.1, ::1, localhost, or 0.0.0.0 for all',
    ),
  },
  PUBLIC_URL: {
    standard: '',
    meaning: 'Base of every link that is shown; http://localhost:PORT when empty',
    rule: z
      .string()
      .refine(
        (value) => value === '' || isOrigin(value.replace(/\/$/, '')),
        'write an address without a path, such as https://help.contoso.example',
      )
      .transform((value) => value.replace(/\/$/, '')),
  },
  TRUSTED_PROXIES: {
    standard: '',
    meaning:
      'Proxies in front of this server, whose X-Forwarded-For tells whose request it is: addresses, CIDR ranges, loopback, linklocal or uniquelocal, comma-separated; none when empty',
    rule: listOf(
      isProxy,
      'write addresses or ranges such as 10.0.0.4, 10.0.0.0/8 or fd00::/8, or loopback, linklocal or uniquelocal, comma-separated; not everybody (/0)',
    ),
  },
  SECRET_KEY: {
    standard: '',
    meaning:
      'Signs chat tokens and sign-ins: 32 bytes or more, comma-separated to rotate (the first signs, all verify); made at first start when empty',
    rule: listOf(isKey, 'write a random text of 32 bytes or more, for example what `openssl rand -base64 33` prints'),
  },
  FAQ_DIR: { standard: './faq', meaning: 'Folder of the knowledge base', rule: text },
  STORE_URL: {
    standard: 'file:./data',
    meaning:
      'Where everything is kept: file:FOLDER for one process, or postgres://user:password@host/database for any number of them',
    rule: z
      .string()
      .refine(
        isStoreUrl,
        'write file: and a folder, such as file:./data, or postgres://user:password@host:5432/database; in user and password %40 for @, %3A for :, %2F for /, %23 for #, %3F for ?, %25 for %',
      ),
  },
  MicrosoftAppId: {
    standard: '',
    meaning: "Bot Framework's app id; while it is empty /api/messages serves loopback only, without authentication",
    rule: z
      .string()
      .regex(
        /^$|^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
        'write the app id from the bot registration, such as 00000000-0000-0000-0000-000000000000',
      ),
  },
  MicrosoftAppPassword: {
    standard: '',
    meaning: "Bot Framework's app secret",
    rule: text.refine(
      (value) => !guid.test(value),
      'is the id of a secret: write its value, which the portal shows once, right after the secret was made',
    ),
  },
  MicrosoftAppPasswordEnds: {
    standard: '',
    meaning:
      'Day on which that secret ends, as the portal shows it, such as 2027-11-26; staff are told 30, 7 and 1 days before and on the day',
    rule: text.refine((value) => value === '' || isDay(value), 'write a day as YYYY-MM-DD, such as 2027-11-26'),
  },
  MicrosoftAppType: {
    standard: 'MultiTenant',
    meaning: 'MultiTenant, SingleTenant or UserAssignedMSI',
    rule: z.enum(['MultiTenant', 'SingleTenant', 'UserAssignedMSI'], {
      errorMap: () => ({ message: 'write MultiTenant, SingleTenant or UserAssignedMSI' }),
    }),
  },
  MicrosoftAppTenantId: {
    standard: '',
    meaning: 'Tenant of the app, for SingleTenant and UserAssignedMSI',
    rule: text.refine(
      (value) => value === '' || guid.test(value) || domain.test(value),
      'write the id of the tenant, such as 00000000-0000-0000-0000-000000000000: Microsoft Entra admin centre, Overview, Tenant ID',
    ),
  },
  SERVICE_HOSTS: {
    standard: '',
    meaning:
      "Further exact host names that activities may name as their service address, beside Microsoft's documented ones; comma-separated",
    rule: listOf((part) => /^[a-z0-9.-]+$/i.test(part), 'write host names without https:// or a path, comma-separated'),
  },
  DIRECT_LINE_SECRET: {
    standard: '',
    meaning:
      "Secret of an Azure Direct Line channel; while it is empty the web chat uses this server's own Direct Line",
    rule: text,
  },
  CHAT_ORIGINS: {
    standard: '',
    meaning: 'Origins of the pages that may embed the chat, comma-separated; its own pages always may',
    rule: listOf(isOrigin, 'write origins without a path, such as https://www.contoso.example, comma-separated'),
  },
  RETURN_URLS: {
    standard: '',
    meaning:
      'Addresses that the Multiple Accounts page may send people back to, in full and exactly as they are asked for, comma-separated; its own pages always',
    rule: listOf(
      isReturnAddress,
      'write full addresses without a comma, such as https://customersource.contoso.example/home, comma-separated',
    ),
  },
  SIGN_IN_ISSUER: {
    standard: '',
    meaning:
      "Issuer of the users' OpenID provider, for Microsoft Accounts https://login.microsoftonline.com/consumers/v2.0; sample accounts when empty, on one machine only",
    rule: issuer,
  },
  SIGN_IN_CLIENT_ID: {
    standard: '',
    meaning: 'Id of this server at that provider, where PUBLIC_URL/sign-in/callback is registered as redirect address',
    rule: text,
  },
  SIGN_IN_CLIENT_SECRET: { standard: '', meaning: 'Its secret there; empty for a client without one', rule: text },
  SIGN_IN_TENANTS: {
    standard: '',
    meaning:
      'Tenants whose accounts may sign in, where the issuer serves several: ids, comma-separated; personal Microsoft Accounts are 9188040d-6c67-4c5b-b112-36a304b66dad',
    rule: listOf(
      (part) => guid.test(part),
      'write tenant ids such as 9188040d-6c67-4c5b-b112-36a304b66dad, comma-separated',
    ),
  },
  STAFF_SIGN_IN_ISSUER: {
    standard: '',
    meaning:
      "Issuer of staff's OpenID provider, for a work tenant https://login.microsoftonline.com/TENANT/v2.0; sample accounts when empty, on one machine only",
    rule: issuer,
  },
  STAFF_SIGN_IN_CLIENT_ID: { standard: '', meaning: "Id of this server at staff's provider", rule: text },
  STAFF_SIGN_IN_CLIENT_SECRET: {
    standard: '',
    meaning: 'Its secret there; empty for a client without one',
    rule: text,
  },
  STAFF_ACCOUNTS: {
    standard: '',
    meaning:
      'Who is staff: tenant/objectId or issuer|subject, :lead after it for leads, comma-separated; a person who is refused is shown the id to write here',
    rule: listOf(
      isStaffAccount,
      'write tenant/objectId or issuer|subject, each with :lead after it for a lead, comma-separated',
    ),
  },
  STAFF_TEAM_ID: {
    standard: '',
    meaning:
      'Entra group id of the Teams team whose members act on tickets in Teams; which channel shows them a lead says there: @AccessDesk use this channel',
    rule: text.refine(
      (value) => value === '' || guid.test(value),
      "write the team's group id: Get link to team, the part after groupId=",
    ),
  },
  SUPPORT_EMAIL: {
    standard: 'support@contoso.example',
    meaning: 'Address of your support team, shown in answers',
    rule: email,
  },
  MAIL_URL: {
    standard: '',
    meaning:
      'Mail server: smtp://user:password@host:587 (STARTTLS, required unless the host is this machine) or smtps://user:password@host:465; mail is captured in the store when empty, on this machine alone',
    rule: z
      .string()
      .refine(
        (value) => value === '' || readMailUrl(value) !== undefined,
        'write smtp://user:password@host:587 or smtps://user:password@host:465 without a path; in user and password %40 for @, %3A for :, %2F for /, %23 for #, %3F for ?, %25 for %',
      )
      .transform((value) => (value === '' ? undefined : readMailUrl(value))),
  },
  MAIL_FROM: { standard: '', meaning: 'Address that mail is sent from; SUPPORT_EMAIL when empty', rule: emailOrNone },
  STAFF_EMAIL: {
    standard: '',
    meaning: 'Where your staff are told what needs them; SUPPORT_EMAIL when empty',
    rule: emailOrNone,
  },
  PORTAL_URL_CUSTOMERSOURCE: {
    standard: 'https://customersource.contoso.example',
    meaning: 'Address of CustomerSource',
    rule: webAddress,
  },
  PORTAL_URL_PARTNERSOURCE: {
    standard: 'https://partnersource.contoso.example',
    meaning: 'Address of PartnerSource',
    rule: webAddress,
  },
  OFFICE_HOURS: {
    standard: '',
    meaning: 'When people answer, such as Mo-Fr 09:00-17:00, Sa 10:00-12:00; always when empty',
    rule: text.refine((value) => readOfficeHours(value) !== undefined, officeHoursAdvice),
  },
  OFFICE_TIME_ZONE: {
    standard: 'UTC',
    meaning: 'Time zone of OFFICE_HOURS, such as Europe/Berlin',
    rule: text.refine(isTimeZone, 'write the name of a time zone, such as Europe/Berlin or America/New_York'),
  },
  RETENTION_DAYS: {
    standard: '365',
    meaning: 'Days after which conversations and closed tickets are removed',
    rule: wholeNumber(1, 36500),
  },
  METRICS_TOKEN: {
    standard: '',
    meaning:
      'What whoever reads /metrics sends as Authorization: Bearer, 16 characters or more; when empty only a machine on its own can read it, from there',
    rule: text.refine(
      (value) => value === '' || /^[\x21-\x7e]{16,}$/.test(value),
      'write 16 characters or more without spaces, for example what `openssl rand -hex 24` prints',
    ),
  },
  LOG_LEVEL: {
    standard: 'info',
    meaning: 'trace, debug, info, warn, error, fatal or silent',
    rule: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      errorMap: () => ({ message: 'write trace, debug, info, warn, error, fatal or silent' }),
    }),
  },
  LOCALE: {
    standard: 'en',
    meaning: 'Language of the words around the answers: en',
    rule: z.enum(['en'], { errorMap: () => ({ message: 'write en' }) }),
  },
} satisfies Record<string, Setting>;

type Settings = { [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['rule']> };

/** Name, default and meaning of every setting, in the order of `.env.example`. */
export const settingsTable: readonly { name: string; standard: string; meaning: string }[] = Object.entries(
  settings,
).map(([name, { standard, meaning }]) => ({ name, standard, meaning }));

export interface Config {
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string;
    /** Whether HOST and PUBLIC_URL are this machine alone. */
    readonly isLocal: boolean;
    readonly trustedProxies: readonly string[];
    readonly chatOrigins: readonly string[];
    /** Foreign addresses that /accounts may lead back to. */
    readonly returnUrls: readonly string[];
  };
  readonly signIn: {
    /** Undefined: sample accounts. */
    readonly users: ProviderConfig | undefined;
    readonly staff: ProviderConfig | undefined;
    readonly staffAccounts: readonly string[];
  };
  /** Keys that sign what is handed to browsers: the first signs, all verify. Empty: the store's own key. */
  readonly secretKeys: readonly string[];
  readonly faq: {
    readonly folder: string;
    readonly settings: {
      readonly SUPPORT_EMAIL: string;
      readonly PORTAL_URL_CUSTOMERSOURCE: string;
      readonly PORTAL_URL_PARTNERSOURCE: string;
      readonly PUBLIC_URL: string;
      readonly RETENTION_DAYS: string;
    };
  };
  /** Whether an empty directory begins with the sample: on this machine alone, without Bot Framework's clouds. */
  readonly sampleDirectory: boolean;
  readonly mail: {
    /** Undefined: mail is captured in the store's folder, which only a machine on its own may do. */
    readonly server: Settings['MAIL_URL'];
    readonly from: string;
    readonly supportEmail: string;
    readonly staffEmail: string;
  };
  /** When people answer, for OfficeHours. */
  readonly office: { readonly hours: string; readonly timeZone: string };
  readonly store: StoreConfig & { readonly retentionDays: number };
  readonly channels: {
    /** Bot Framework's own names; `MicrosoftAppId` is '' when none is set. */
    readonly botFramework: {
      readonly MicrosoftAppId: string;
      readonly MicrosoftAppPassword: string;
      readonly MicrosoftAppType: string;
      readonly MicrosoftAppTenantId: string;
    };
    /** YYYY-MM-DD: when MicrosoftAppPassword ends; '' where that is not known, or there is none. */
    readonly secretEnds: string;
    /** False where anybody could reach `/api/messages` unauthenticated: no app id, and not loopback only. */
    readonly messagesOpen: boolean;
    readonly serviceHosts: readonly string[];
    readonly directLineSecret: string;
    /** '': staff do not work in Teams. */
    readonly staffTeam: string;
  };
  /** Of who may read /metrics; '': only this machine, and only while it is on its own. */
  readonly metricsToken: string;
  readonly logLevel: Settings['LOG_LEVEL'];
  readonly locale: Settings['LOCALE'];
}

export interface StoreConfig {
  /** Address of a PostgreSQL database; undefined: the embedded store in `folder`. */
  readonly url: string | undefined;
  /** Of the embedded store; with a database, what this process alone has (captured mail) is there. */
  readonly folder: string;
}

export interface ProviderConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** '' for a client without one. */
  readonly clientSecret: string;
  /** In lower case; empty where all that the issuer serves are let in. */
  readonly tenants: readonly string[];
}

export interface SettingProblem {
  readonly variable: string;
  readonly message: string;
}

/** Thrown by `loadConfig`; the message lists every problem with its variable and what to write. */
export class ConfigError extends AccessDeskError {
  constructor(readonly problems: readonly SettingProblem[]) {
    super(
      'ERR_CONFIG',
      ['These settings need a change:', ...problems.map(({ variable, message }) => `  ${variable}: ${message}`)].join(
        '\n',
      ),
    );
  }
}

/**
 * Reads the settings; relative folders count from `folder`. Secrets never appear in a message.
 * @throws ConfigError with all problems at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, folder: string): Config {
  const { values, problems } = readSettings(env);
  problems.push(...crossCheck(values));
  if (problems.length > 0) throw new ConfigError(problems);
  const read = values as Settings;
  const publicUrl = read.PUBLIC_URL || `http://localhost:${read.PORT}`;
  const isLocal = isLoopback(read.HOST) && isLoopback(new URL(publicUrl).hostname);
  return deepFreeze({
    web: {
      host: read.HOST,
      port: read.PORT,
      publicUrl,
      isLocal,
      trustedProxies: read.TRUSTED_PROXIES,
      chatOrigins: read.CHAT_ORIGINS,
      returnUrls: read.RETURN_URLS,
    },
    signIn: {
      users: read.SIGN_IN_ISSUER
        ? {
            issuer: read.SIGN_IN_ISSUER,
            clientId: read.SIGN_IN_CLIENT_ID,
            clientSecret: read.SIGN_IN_CLIENT_SECRET,
            tenants: read.SIGN_IN_TENANTS.map((tenant) => tenant.toLowerCase()),
          }
        : undefined,
      // Whom of the tenants' people STAFF_ACCOUNTS names is all that counts.
      staff: read.STAFF_SIGN_IN_ISSUER
        ? {
            issuer: read.STAFF_SIGN_IN_ISSUER,
            clientId: read.STAFF_SIGN_IN_CLIENT_ID,
            clientSecret: read.STAFF_SIGN_IN_CLIENT_SECRET,
            tenants: [],
          }
        : undefined,
      staffAccounts: read.STAFF_ACCOUNTS,
    },
    secretKeys: read.SECRET_KEY,
    faq: {
      folder: resolve(folder, read.FAQ_DIR),
      settings: {
        SUPPORT_EMAIL: read.SUPPORT_EMAIL,
        PORTAL_URL_CUSTOMERSOURCE: read.PORTAL_URL_CUSTOMERSOURCE,
        PORTAL_URL_PARTNERSOURCE: read.PORTAL_URL_PARTNERSOURCE,
        PUBLIC_URL: publicUrl,
        RETENTION_DAYS: String(read.RETENTION_DAYS),
      },
    },
    sampleDirectory: isLocal && read.MicrosoftAppId === '',
    mail: {
      server: read.MAIL_URL,
      from: read.MAIL_FROM || read.SUPPORT_EMAIL,
      supportEmail: read.SUPPORT_EMAIL,
      staffEmail: read.STAFF_EMAIL || read.SUPPORT_EMAIL,
    },
    office: { hours: read.OFFICE_HOURS, timeZone: read.OFFICE_TIME_ZONE },
    store: { ...storeAt(read.STORE_URL, folder), retentionDays: read.RETENTION_DAYS },
    channels: {
      botFramework: {
        MicrosoftAppId: read.MicrosoftAppId,
        MicrosoftAppPassword: read.MicrosoftAppPassword,
        MicrosoftAppType: read.MicrosoftAppType,
        MicrosoftAppTenantId: read.MicrosoftAppTenantId,
      },
      secretEnds: read.MicrosoftAppId && read.MicrosoftAppPasswordEnds,
      messagesOpen: read.MicrosoftAppId !== '' || isLocal,
      serviceHosts: read.SERVICE_HOSTS,
      directLineSecret: read.DIRECT_LINE_SECRET,
      staffTeam: read.STAFF_TEAM_ID,
    },
    metricsToken: read.METRICS_TOKEN,
    logLevel: read.LOG_LEVEL,
    locale: read.LOCALE,
  });
}

/**
 * Where a store is, as STORE_URL and `store copy` name it; relative folders count from `folder`.
 * @throws ConfigError for what is no address of a store
 */
export function storeAt(address: string, folder: string): StoreConfig {
  if (!isStoreUrl(address)) {
    const message = 'is no store: write file: and a folder, or postgres://user:password@host:5432/database';
    throw new ConfigError([{ variable: maskedUrl(address), message }]);
  }
  if (isPostgres(address)) return { url: address, folder: resolve(folder, './data') };
  return { url: undefined, folder: resolve(folder, address.slice('file:'.length)) };
}

/** An address without what would let others in. */
export function maskedUrl(address: string): string {
  const url = parseUrl(address);
  if (!url?.host) return address.includes('@') ? address.replace(/.*@/s, '...@') : address;
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function readSettings(env: Readonly<Record<string, string | undefined>>) {
  const problems: SettingProblem[] = [];
  const values: Partial<Record<keyof Settings, unknown>> = {};
  for (const [name, { rule, standard }] of Object.entries(settings) as [keyof Settings, Setting][]) {
    const result = rule.safeParse(env[name]?.trim() || standard);
    if (result.success) values[name] = result.data;
    else problems.push({ variable: name, message: result.error.issues.at(-1)?.message ?? 'cannot be read' });
  }
  return { values: values as Partial<Settings>, problems };
}

/** Rules that hold between settings. Values with a problem of their own are undefined and judged no further. */
function crossCheck(values: Partial<Settings>): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const publicHost = values.PUBLIC_URL ? parseUrl(values.PUBLIC_URL)?.hostname : undefined;
  const isOpen =
    (values.HOST !== undefined && !isLoopback(values.HOST)) || (publicHost !== undefined && !isLoopback(publicHost));
  if (isOpen && values.SECRET_KEY?.length === 0) {
    problems.push({
      variable: 'SECRET_KEY',
      message:
        'is required where HOST or PUBLIC_URL is not this machine alone: write a random text of 32 bytes or more, for example what `openssl rand -base64 33` prints',
    });
  }
  if (!isOpen && values.STORE_URL && isPostgres(values.STORE_URL) && values.SECRET_KEY?.length === 0) {
    problems.push({
      variable: 'SECRET_KEY',
      message:
        'is required with a database in STORE_URL, the same for every instance: write a random text of 32 bytes or more, for example what `openssl rand -base64 33` prints',
    });
  }
  if (isOpen && 'MAIL_URL' in values && values.MAIL_URL === undefined) {
    problems.push({
      variable: 'MAIL_URL',
      message:
        'is required where HOST or PUBLIC_URL is not this machine alone: write smtp://user:password@host:587 or smtps://user:password@host:465',
    });
  }
  if (values.HOST !== undefined && !isLoopback(values.HOST) && values.PUBLIC_URL === '') {
    problems.push({
      variable: 'PUBLIC_URL',
      message: 'is required where HOST is not this machine alone: write the address people reach this server at',
    });
  }
  if (values.MicrosoftAppId && values.MicrosoftAppType !== 'UserAssignedMSI' && values.MicrosoftAppPassword === '') {
    problems.push({
      variable: 'MicrosoftAppPassword',
      message: 'is required with MicrosoftAppId: write the app secret, or set MicrosoftAppType to UserAssignedMSI',
    });
  }
  if (values.MicrosoftAppPasswordEnds && values.MicrosoftAppType === 'UserAssignedMSI') {
    problems.push({
      variable: 'MicrosoftAppPasswordEnds',
      message: 'is for a secret, and a managed identity (MicrosoftAppType UserAssignedMSI) has none: leave it empty',
    });
  }
  if (values.MicrosoftAppPassword && values.MicrosoftAppId === '') {
    problems.push({
      variable: 'MicrosoftAppId',
      message: 'is required with MicrosoftAppPassword: write the app id of the bot registration',
    });
  } else if (values.DIRECT_LINE_SECRET && values.MicrosoftAppId === '') {
    problems.push({
      variable: 'MicrosoftAppId',
      message: 'is required with DIRECT_LINE_SECRET: Azure Direct Line reaches the bot through Bot Framework only',
    });
  }
  if (values.MicrosoftAppType && values.MicrosoftAppType !== 'MultiTenant' && values.MicrosoftAppTenantId === '') {
    problems.push({
      variable: 'MicrosoftAppTenantId',
      message: `is required with MicrosoftAppType ${values.MicrosoftAppType}: write the tenant's id`,
    });
  }
  problems.push(...crossCheckSignIn(values, isOpen));
  return problems;
}

function crossCheckSignIn(values: Partial<Settings>, isOpen: boolean): SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const prefix of ['SIGN_IN', 'STAFF_SIGN_IN'] as const) {
    const variable = `${prefix}_ISSUER` as const;
    const [given, id, secret] = [values[variable], values[`${prefix}_CLIENT_ID`], values[`${prefix}_CLIENT_SECRET`]];
    if (given === '' && isOpen) {
      const example = prefix === 'SIGN_IN' ? 'consumers' : 'TENANT';
      problems.push({
        variable,
        message: `is required where HOST or PUBLIC_URL is not this machine alone, since anybody can be anyone with the sample accounts: write the issuer of your OpenID provider, such as https://login.microsoftonline.com/${example}/v2.0`,
      });
    } else if (given === '' && (id || secret)) {
      const other = `${prefix}_CLIENT_${id ? 'ID' : 'SECRET'}`;
      problems.push({ variable, message: `is required with ${other}: write the issuer of the provider` });
    }
    if (given && id === '') {
      problems.push({
        variable: `${prefix}_CLIENT_ID`,
        message: `is required with ${variable}: write the id that the provider gave this server when it was registered there`,
      });
    }
  }
  if (values.SIGN_IN_ISSUER && servesManyTenants.test(values.SIGN_IN_ISSUER) && values.SIGN_IN_TENANTS?.length === 0) {
    problems.push({
      variable: 'SIGN_IN_TENANTS',
      message:
        'is required with an issuer that serves every organisation: write the tenants whose accounts may sign in, 9188040d-6c67-4c5b-b112-36a304b66dad for personal Microsoft Accounts',
    });
  }
  return problems;
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
