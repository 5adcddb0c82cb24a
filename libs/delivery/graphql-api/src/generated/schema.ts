// Made by `npm run codegen` from schema/*.graphql. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { TrendAnswer as TrendAnswerModel, TrendLine as TrendLineModel, FunnelGroup as FunnelGroupModel, FunnelStepAnswer as FunnelStepAnswerModel, FunnelUsersAnswer as FunnelUsersAnswerModel, RetentionAnswer as RetentionAnswerModel, UserSummary as UserSummaryModel, SessionSummary as SessionSummaryModel, SessionMetrics as SessionMetricsModel, CatalogueAnswer as CatalogueAnswerModel } from '@productgraph/domain-query';
import type { Organisation as OrganisationModel, Project as ProjectModel, ApiKey as ApiKeyModel, Member as MemberModel, AuditEntry as AuditEntryModel, Principal as PrincipalModel } from '@productgraph/domain-tenant';
import type { StoredEvent as StoredEventModel, QuarantineEntry as QuarantineEntryModel } from '@productgraph/contracts';
import type { HealthReport as HealthReportModel } from '../deps.ts';
import type { UserFound as UserFoundModel } from '../translate/people.ts';
import type { QuarantinePage as QuarantinePageModel } from '../translate/ledger.ts';
import type { GraphqlContext } from '../request/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A moment. Out: ISO 8601 in UTC with milliseconds. In: ISO 8601 with `Z` or an offset (a date alone is midnight UTC), or
   * Unix milliseconds.
   */
  DateTime: { input: number; output: number; }
  /** Any JSON value. Numbers are given out digit by digit as the client sent them, whatever their size. */
  JSON: { input: unknown; output: unknown; }
  /** A whole number of up to 53 bits. */
  Long: { input: number; output: number; }
  /**
   * Which times, half open, cut in the question's time zone:
   * `-30min`, `-24h` exactly so long until now; `-7d`, `-4w`, `-3mo`, `-1y` from the start of the day so long ago until now;
   * `today`, `yesterday`, `thisWeek`, `lastWeek`, `thisMonth`, `lastMonth`, `thisYear`;
   * `2015-05-17/2015-05-20` or `2015-05-17T10:00/2015-05-17T11:30:00Z`: local without offset, a date at the end includes its day.
   */
  Range: { input: string; output: string; }
  /** What a field is compared with: a string, a finite number or a boolean. Whole numbers beyond 53 bits are written as strings. */
  Scalar: { input: string | number | boolean; output: string | number | boolean; }
};

/** What every answer says about itself. */
export type Answer = {
  /** True when it was computed for an earlier question. */
  readonly cached: Scalars['Boolean']['output'];
  /** Always false: no answer is an estimate. */
  readonly sampled: Scalars['Boolean']['output'];
  /** The answer is final for times before this; null: nothing is settled yet. */
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  /** Milliseconds it took in the store. */
  readonly tookMs: Scalars['Float']['output'];
};

export type ApiKey = {
  readonly __typename?: 'ApiKey';
  /** Origins that browsers may send from; empty: any. */
  readonly allowedOrigins: ReadonlyArray<Scalars['String']['output']>;
  readonly createdAt: Scalars['DateTime']['output'];
  readonly disabledAt: Maybe<Scalars['DateTime']['output']>;
  readonly id: Scalars['ID']['output'];
  readonly kind: KeyKind;
  readonly name: Scalars['String']['output'];
  /** The part of the key that may be shown. */
  readonly prefix: Scalars['String']['output'];
  /** Null: an API token of the whole organisation. */
  readonly projectId: Maybe<Scalars['ID']['output']>;
  readonly revokedAt: Maybe<Scalars['DateTime']['output']>;
  /** Of API tokens. */
  readonly role: Maybe<Role>;
};

/** Which step's value names the breakdown. */
export type Attribution =
  | 'first'
  /** The last step that was reached. */
  | 'last'
  /** The step given as `attributionStep`. */
  | 'step';

export type AuditEntry = {
  readonly __typename?: 'AuditEntry';
  /** `project.create`, `key.revoke`, … */
  readonly action: Scalars['String']['output'];
  /** Key id, or `system` for the command line. */
  readonly actor: Scalars['String']['output'];
  readonly at: Scalars['DateTime']['output'];
  readonly details: Scalars['JSON']['output'];
  readonly id: Scalars['ID']['output'];
  readonly target: Scalars['String']['output'];
};

export type Catalogue = Answer & {
  readonly __typename?: 'Catalogue';
  readonly cached: Scalars['Boolean']['output'];
  readonly items: ReadonlyArray<CatalogueItem>;
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
};

export type CatalogueInput = {
  /** For values. */
  readonly field?: InputMaybe<Scalars['String']['input']>;
  readonly filter?: InputMaybe<FilterInput>;
  readonly includeBots: Scalars['Boolean']['input'];
  readonly of: CatalogueOf;
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** Part of the name or value. */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type CatalogueItem = {
  readonly __typename?: 'CatalogueItem';
  readonly count: Scalars['Long']['output'];
  readonly lastSeen: Scalars['DateTime']['output'];
  readonly value: Scalars['String']['output'];
};

export type CatalogueOf =
  | 'eventNames'
  | 'properties'
  /** Of `field`. */
  | 'values';

export type ComponentHealth = {
  readonly __typename?: 'ComponentHealth';
  /** One sentence, where there is something to say. */
  readonly detail: Maybe<Scalars['String']['output']>;
  readonly name: Scalars['String']['output'];
  readonly state: ComponentState;
};

export type ComponentState =
  /** Works, but is late or retries. */
  | 'behind'
  /** Nothing can be served without it. */
  | 'missing'
  | 'ok';

export type CreateKeyInput = {
  /** Of write keys: `https://shop.example`. */
  readonly allowedOrigins: ReadonlyArray<Scalars['String']['input']>;
  readonly kind: KeyKind;
  /** 1 to 100 characters. */
  readonly name: Scalars['String']['input'];
  /** Default: of API tokens all that the caller's token opens, of other keys as in questions. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  /** Of API tokens, at most the caller's. Default: viewer. */
  readonly role?: InputMaybe<Role>;
};

export type CreateProjectInput = {
  readonly limits?: InputMaybe<LimitsInput>;
  /** 1 to 100 characters, unique in the organisation. */
  readonly name: Scalars['String']['input'];
  readonly quota?: InputMaybe<QuotaInput>;
  /** 1 to 36,500. Without it for ever. */
  readonly retentionDays?: InputMaybe<Scalars['Int']['input']>;
  /** Idle time that ends a session made here. 1 to 1,440. */
  readonly sessionIdleMinutes: Scalars['Int']['input'];
  /** Greatest length of a session made here. 1 to 72. */
  readonly sessionMaxHours: Scalars['Int']['input'];
  /** IANA name. */
  readonly timeZone: Scalars['String']['input'];
};

export type CreatedKey = {
  readonly __typename?: 'CreatedKey';
  readonly key: ApiKey;
  /** The key itself. It is not stored and cannot be shown again. */
  readonly secret: Scalars['String']['output'];
};

/** A length of time: the sum of what is given. */
export type DurationInput = {
  readonly days?: InputMaybe<Scalars['Float']['input']>;
  readonly hours?: InputMaybe<Scalars['Float']['input']>;
  readonly milliseconds?: InputMaybe<Scalars['Float']['input']>;
  readonly minutes?: InputMaybe<Scalars['Float']['input']>;
  readonly seconds?: InputMaybe<Scalars['Float']['input']>;
};

export type Event = {
  readonly __typename?: 'Event';
  readonly anonymousId: Maybe<Scalars['String']['output']>;
  readonly apiDurationMs: Maybe<Scalars['Float']['output']>;
  readonly apiMethod: Maybe<Scalars['String']['output']>;
  readonly apiRoute: Maybe<Scalars['String']['output']>;
  readonly apiStatus: Maybe<Scalars['Int']['output']>;
  readonly context: Scalars['JSON']['output'];
  /** The client's JSON text, exactly. */
  readonly contextText: Scalars['String']['output'];
  readonly durationMs: Maybe<Scalars['Float']['output']>;
  readonly errorMessage: Maybe<Scalars['String']['output']>;
  readonly errorStack: Maybe<Scalars['String']['output']>;
  readonly errorType: Maybe<Scalars['String']['output']>;
  readonly eventId: Scalars['String']['output'];
  readonly flags: ReadonlyArray<EventFlag>;
  readonly groups: Scalars['JSON']['output'];
  /** The client's JSON text, exactly. */
  readonly groupsText: Scalars['String']['output'];
  readonly journeyId: Maybe<Scalars['String']['output']>;
  /** 0: the partition's own lane; greater: overflow. */
  readonly lane: Scalars['Int']['output'];
  readonly name: Maybe<Scalars['String']['output']>;
  /** As the client sent it. */
  readonly originalTimestamp: Maybe<Scalars['DateTime']['output']>;
  readonly pagePath: Maybe<Scalars['String']['output']>;
  readonly pageReferrer: Maybe<Scalars['String']['output']>;
  readonly pageTitle: Maybe<Scalars['String']['output']>;
  readonly pageUrl: Maybe<Scalars['String']['output']>;
  readonly properties: Scalars['JSON']['output'];
  /** The client's JSON text, exactly. */
  readonly propertiesText: Scalars['String']['output'];
  readonly receivedAt: Scalars['DateTime']['output'];
  readonly sentAt: Maybe<Scalars['DateTime']['output']>;
  readonly sequence: Scalars['Long']['output'];
  /** The client's, never one made here. */
  readonly sessionId: Maybe<Scalars['String']['output']>;
  readonly stepId: Maybe<Scalars['String']['output']>;
  readonly stepName: Maybe<Scalars['String']['output']>;
  /** Corrected; the one that all questions use. */
  readonly timestamp: Scalars['DateTime']['output'];
  readonly type: Scalars['String']['output'];
  readonly uiAction: Maybe<Scalars['String']['output']>;
  readonly uiComponentName: Maybe<Scalars['String']['output']>;
  readonly uiComponentPath: Maybe<Scalars['String']['output']>;
  readonly uiComponentType: Maybe<Scalars['String']['output']>;
  readonly uiElement: Maybe<Scalars['String']['output']>;
  readonly uiElementText: Maybe<Scalars['String']['output']>;
  readonly uiStateAfter: Maybe<Scalars['JSON']['output']>;
  readonly uiStateBefore: Maybe<Scalars['JSON']['output']>;
  readonly uiStateKey: Maybe<Scalars['String']['output']>;
  readonly userAgent: Maybe<Scalars['String']['output']>;
  readonly userId: Maybe<Scalars['String']['output']>;
  readonly userKey: Scalars['String']['output'];
  readonly utmCampaign: Maybe<Scalars['String']['output']>;
  readonly utmMedium: Maybe<Scalars['String']['output']>;
  readonly utmSource: Maybe<Scalars['String']['output']>;
};

export type EventConnection = Answer & {
  readonly __typename?: 'EventConnection';
  readonly cached: Scalars['Boolean']['output'];
  readonly edges: ReadonlyArray<EventEdge>;
  readonly pageInfo: PageInfo;
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
};

export type EventEdge = {
  readonly __typename?: 'EventEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Event;
};

export type EventFlag =
  /** The user agent is a known bot. */
  | 'bot'
  /** The time lay more than 23 h ahead and was replaced by the time of receipt. */
  | 'future'
  /** Sent as historical. */
  | 'historical'
  /** The client's clock was off by more than 60 s and the time was corrected. */
  | 'skewed'
  /** The client sent no time; the time of receipt stands in. */
  | 'untimed';

/** Which events; without `type` and `name` any. */
export type EventInput = {
  readonly filter?: InputMaybe<FilterInput>;
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** `page.view`, `ui.click`, `custom`, … */
  readonly type?: InputMaybe<Scalars['String']['input']>;
};

export type EventPlace =
  | 'quarantined'
  | 'stored'
  /** Neither stored nor quarantined: not sent, not accepted, erased, or still in the log (see `health`). */
  | 'unknown';

export type EventTrace = {
  readonly __typename?: 'EventTrace';
  readonly eventId: Scalars['String']['output'];
  /** One sentence on what to make of it. */
  readonly explanation: Scalars['String']['output'];
  readonly place: EventPlace;
  /** For roles that may read quarantine. */
  readonly quarantined: Maybe<QuarantineEntry>;
  readonly stored: Maybe<StoredPlace>;
};

export type EventsInput = {
  /** Default: any event. */
  readonly event?: InputMaybe<EventInput>;
  readonly filter?: InputMaybe<FilterInput>;
  readonly includeBots: Scalars['Boolean']['input'];
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
  /** `u:` and the user id, `a:` and the anonymous id, or `s:` and the session id. */
  readonly userKey?: InputMaybe<Scalars['String']['input']>;
};

export type Field = {
  readonly __typename?: 'Field';
  readonly meaning: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  readonly type: FieldType;
};

/** Sets a field of an event, or removes it when `value` is left out. */
export type FieldFixInput = {
  /** A name as on the wire: `event.type`, `user.id`, … */
  readonly field: Scalars['String']['input'];
  readonly value?: InputMaybe<Scalars['JSON']['input']>;
};

export type FieldType =
  | 'boolean'
  /** Any JSON value, each event its own kind. */
  | 'json'
  | 'number'
  | 'text'
  /** Unix milliseconds. */
  | 'time';

/**
 * Exactly one of: a condition (`field` with `operator` and `value` or `values`), `and`, `or`, `not`.
 * `{field: "page.path", value: "/pricing"}` is a whole filter.
 */
export type FilterInput = {
  readonly and?: InputMaybe<ReadonlyArray<FilterInput>>;
  /**
   * A name as on the wire (`event.type`, `page.path`, `api.status`, `user.id`, …), `properties.<path>`, `context.<path>`,
   * `groups.<type>` or `session.<column>` (`session.entry_path`, `session.duration_ms`, …).
   */
  readonly field?: InputMaybe<Scalars['String']['input']>;
  readonly not?: InputMaybe<FilterInput>;
  /** Default: eq, or in with more than one value. */
  readonly operator?: InputMaybe<Operator>;
  readonly or?: InputMaybe<ReadonlyArray<FilterInput>>;
  readonly value?: InputMaybe<Scalars['Scalar']['input']>;
  readonly values?: InputMaybe<ReadonlyArray<Scalars['Scalar']['input']>>;
};

export type Funnel = Answer & {
  readonly __typename?: 'Funnel';
  readonly cached: Scalars['Boolean']['output'];
  /** One per value of the breakdown; without breakdown one. */
  readonly groups: ReadonlyArray<FunnelGroup>;
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
  /** Empty without `trendInterval`. */
  readonly trend: FunnelTrend;
};

/** Removes an attempt when such an event lies between two steps. */
export type FunnelExclusionInput = {
  /** Index of the step, from 0. */
  readonly after: Scalars['Int']['input'];
  /** Index of the step, from 0. */
  readonly before: Scalars['Int']['input'];
  readonly event: EventInput;
};

export type FunnelGroup = {
  readonly __typename?: 'FunnelGroup';
  /** Null: the field is not set, or there is no breakdown. */
  readonly breakdown: Maybe<Scalars['String']['output']>;
  /** Time from the first to the last step of those who converted. */
  readonly histogram: ReadonlyArray<HistogramBar>;
  /** True for the group that sums the values beyond the limit. */
  readonly other: Scalars['Boolean']['output'];
  readonly steps: ReadonlyArray<FunnelStep>;
};

export type FunnelInput = {
  readonly attribution: Attribution;
  /** Index of the step, from 0; for `attribution: step`. */
  readonly attributionStep?: InputMaybe<Scalars['Int']['input']>;
  /** A field. */
  readonly breakdown?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 1,000. */
  readonly breakdownLimit: Scalars['Int']['input'];
  readonly exclusions: ReadonlyArray<FunnelExclusionInput>;
  readonly filter?: InputMaybe<FilterInput>;
  /** A field that must have the same value in all steps of an attempt. */
  readonly holdConstant?: InputMaybe<Scalars['String']['input']>;
  readonly includeBots: Scalars['Boolean']['input'];
  readonly order: FunnelOrder;
  readonly per: FunnelPer;
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** 2 to 20. */
  readonly steps: ReadonlyArray<FunnelStepInput>;
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
  /** Conversion over time, by the bucket of the first step. */
  readonly trendInterval?: InputMaybe<Interval>;
  /** From the first step, inclusive. */
  readonly window: DurationInput;
};

export type FunnelOrder =
  /** Steps in any order. */
  | 'any'
  /** Other events may lie between the steps. */
  | 'ordered'
  /** No other event of the user lies between. */
  | 'strict';

export type FunnelOutcome =
  /** Reached the step. */
  | 'converted'
  /** Reached the step before it and not the step. */
  | 'dropped';

export type FunnelPer =
  | 'session'
  | 'user';

export type FunnelStep = {
  readonly __typename?: 'FunnelStep';
  readonly averageTimeMs: Maybe<Scalars['Float']['output']>;
  /** Of the first step, 0 to 1; null when nobody entered. */
  readonly conversion: Maybe<Scalars['Float']['output']>;
  readonly conversionFromPrevious: Maybe<Scalars['Float']['output']>;
  readonly count: Scalars['Long']['output'];
  readonly dropped: Scalars['Long']['output'];
  /** From the previous step. */
  readonly medianTimeMs: Maybe<Scalars['Float']['output']>;
  readonly name: Scalars['String']['output'];
};

export type FunnelStepInput = {
  readonly event: EventInput;
  /** Default: the event's name or type. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
};

/** `entered[i]` and `converted[i]` belong to `buckets[i]`. */
export type FunnelTrend = {
  readonly __typename?: 'FunnelTrend';
  readonly buckets: ReadonlyArray<Scalars['DateTime']['output']>;
  readonly converted: ReadonlyArray<Scalars['Long']['output']>;
  readonly entered: ReadonlyArray<Scalars['Long']['output']>;
};

export type FunnelUser = {
  readonly __typename?: 'FunnelUser';
  readonly enteredAt: Scalars['DateTime']['output'];
  readonly userKey: Scalars['String']['output'];
};

export type FunnelUsers = Answer & {
  readonly __typename?: 'FunnelUsers';
  readonly cached: Scalars['Boolean']['output'];
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
  readonly users: ReadonlyArray<FunnelUser>;
};

export type Health = {
  readonly __typename?: 'Health';
  readonly components: ReadonlyArray<ComponentHealth>;
  /** How many records each processor has still to read. */
  readonly lag: ReadonlyArray<PartitionLag>;
  /** The worst of its components. */
  readonly state: ComponentState;
};

/** One bar of a distribution. */
export type HistogramBar = {
  readonly __typename?: 'HistogramBar';
  readonly count: Scalars['Long']['output'];
  /** Upper bound in milliseconds; null: open. */
  readonly upToMs: Maybe<Scalars['Float']['output']>;
};

/** Width of a bucket, cut in the question's time zone; weeks start on Monday. */
export type Interval =
  | 'day'
  | 'hour'
  | 'minute'
  | 'month'
  | 'week';

/** pgw: write key, public, ingest only. pgs: secret key, server side ingest and import. pgt: API token. */
export type KeyKind =
  | 'pgs'
  | 'pgt'
  | 'pgw';

/** Index i of each list belongs to `buckets[i]`. accepted = stored + duplicate + quarantinedLater + erased + unaccounted. */
export type Ledger = {
  readonly __typename?: 'Ledger';
  readonly accepted: ReadonlyArray<Scalars['Long']['output']>;
  /** Minutes of receipt (days, at their midnight in UTC, after 7 days). */
  readonly buckets: ReadonlyArray<Scalars['DateTime']['output']>;
  readonly duplicate: ReadonlyArray<Scalars['Long']['output']>;
  readonly erased: ReadonlyArray<Scalars['Long']['output']>;
  /** Accepted, then refused by the store or the decoder. */
  readonly quarantinedLater: ReadonlyArray<Scalars['Long']['output']>;
  readonly received: ReadonlyArray<Scalars['Long']['output']>;
  /** Refused at the edge. */
  readonly rejected: ReadonlyArray<Scalars['Long']['output']>;
  /** Sessions and what is built on them are final for times before this. */
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly stored: ReadonlyArray<Scalars['Long']['output']>;
  readonly total: LedgerTotal;
  /** Accepted and nowhere yet: 0 when everything adds up. */
  readonly unaccounted: ReadonlyArray<Scalars['Long']['output']>;
};

export type LedgerTotal = {
  readonly __typename?: 'LedgerTotal';
  readonly accepted: Scalars['Long']['output'];
  readonly duplicate: Scalars['Long']['output'];
  readonly erased: Scalars['Long']['output'];
  readonly quarantinedLater: Scalars['Long']['output'];
  readonly received: Scalars['Long']['output'];
  readonly rejected: Scalars['Long']['output'];
  readonly stored: Scalars['Long']['output'];
  readonly unaccounted: Scalars['Long']['output'];
};

/** Bounds of ingest. */
export type Limits = {
  readonly __typename?: 'Limits';
  /** Of a body after decompression. */
  readonly bodyBytes: Scalars['Int']['output'];
  /** Levels of nesting inside properties, context and groups. */
  readonly depth: Scalars['Int']['output'];
  /** Of one event. */
  readonly eventBytes: Scalars['Int']['output'];
  /** Events per request. */
  readonly events: Scalars['Int']['output'];
  /** Characters of an id or a name. */
  readonly idLength: Scalars['Int']['output'];
  /** Keys at all levels of one of these. */
  readonly keys: Scalars['Int']['output'];
  /** Characters of any other string. */
  readonly textLength: Scalars['Int']['output'];
};

/** What is left out stays as it is; null goes back to the product's limit. Limits can only be lowered. */
export type LimitsInput = {
  readonly bodyBytes?: InputMaybe<Scalars['Int']['input']>;
  readonly depth?: InputMaybe<Scalars['Int']['input']>;
  readonly eventBytes?: InputMaybe<Scalars['Int']['input']>;
  readonly events?: InputMaybe<Scalars['Int']['input']>;
  readonly idLength?: InputMaybe<Scalars['Int']['input']>;
  readonly keys?: InputMaybe<Scalars['Int']['input']>;
  readonly textLength?: InputMaybe<Scalars['Int']['input']>;
};

export type Me = {
  readonly __typename?: 'Me';
  /** What the role may do. */
  readonly actions: ReadonlyArray<Scalars['String']['output']>;
  readonly keyId: Scalars['ID']['output'];
  readonly organisation: Organisation;
  /** Null: the token opens every project of the organisation. */
  readonly project: Maybe<Project>;
  readonly role: Role;
};

/** What is counted. */
export type Measure =
  | 'avg'
  | 'max'
  | 'min'
  /** Events per user. */
  | 'perUser'
  | 'percentile'
  | 'sessions'
  /** Of the numbers in `field`. */
  | 'sum'
  /** Events. */
  | 'total'
  | 'uniqueUsers';

export type Member = {
  readonly __typename?: 'Member';
  readonly createdAt: Scalars['DateTime']['output'];
  readonly email: Scalars['String']['output'];
  readonly id: Scalars['ID']['output'];
  readonly role: Role;
};

/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** The answer is the only place where the key is shown. */
  readonly createKey: Maybe<CreatedKey>;
  /** Adds a project to the organisation. */
  readonly createProject: Maybe<Project>;
  /** Until it is enabled again; other processes follow within 10 s. */
  readonly disableKey: Maybe<ApiKey>;
  /** Takes `disableKey` back. */
  readonly enableKey: Maybe<ApiKey>;
  /** Adds a member, or changes the role of the one with this address. */
  readonly putMember: Maybe<Member>;
  /** The last owner stays. */
  readonly removeMember: Maybe<Scalars['Boolean']['output']>;
  /**
   * Sends refused events through ingestion again, after `fix` if given. What is refused again comes back to quarantine as a
   * new entry. Entries that were replayed already, or are gone, are left out. An event without an `event_id` gets its entry's id:
   * sent twice, it is stored once. Raw lines of an import cannot be replayed and stay where they are.
   */
  readonly replayQuarantine: Maybe<ReplayAnswer>;
  /** For ever; other processes follow within 10 s. */
  readonly revokeKey: Maybe<ApiKey>;
  /** Changes what is given and leaves the rest. */
  readonly updateProject: Maybe<Project>;
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationCreateKeyArgs = {
  input: CreateKeyInput;
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationCreateProjectArgs = {
  input: CreateProjectInput;
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationDisableKeyArgs = {
  id: Scalars['ID']['input'];
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationEnableKeyArgs = {
  id: Scalars['ID']['input'];
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationPutMemberArgs = {
  email: Scalars['String']['input'];
  role: Role;
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationRemoveMemberArgs = {
  id: Scalars['ID']['input'];
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationReplayQuarantineArgs = {
  fix: ReadonlyArray<FieldFixInput>;
  ids: ReadonlyArray<Scalars['ID']['input']>;
  projectId?: InputMaybe<Scalars['ID']['input']>;
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationRevokeKeyArgs = {
  id: Scalars['ID']['input'];
};


/** A field is null only with an error beside it that says why: the other changes of the request stand. */
export type MutationUpdateProjectArgs = {
  id: Scalars['ID']['input'];
  input: UpdateProjectInput;
};

/** `in` and `notIn` take any number of values, `between` two (inclusive), `set` and `notSet` none, the others one. */
export type Operator =
  | 'between'
  | 'contains'
  | 'eq'
  | 'gt'
  | 'gte'
  | 'in'
  | 'lt'
  | 'lte'
  | 'neq'
  | 'notContains'
  | 'notIn'
  | 'notRegex'
  | 'notSet'
  | 'regex'
  | 'set';

export type Organisation = {
  readonly __typename?: 'Organisation';
  readonly createdAt: Scalars['DateTime']['output'];
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
};

export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Give it as `after` to go on. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  readonly hasNextPage: Scalars['Boolean']['output'];
};

export type PartitionLag = {
  readonly __typename?: 'PartitionLag';
  /** `event-writer`, `session-processor`, … */
  readonly group: Scalars['String']['output'];
  readonly partition: Scalars['Int']['output'];
  readonly records: Scalars['Long']['output'];
  readonly topic: Scalars['String']['output'];
};

export type PreviousTrend = {
  readonly __typename?: 'PreviousTrend';
  readonly buckets: ReadonlyArray<Scalars['DateTime']['output']>;
  readonly lines: ReadonlyArray<TrendLine>;
};

export type Project = {
  readonly __typename?: 'Project';
  readonly createdAt: Scalars['DateTime']['output'];
  readonly id: Scalars['ID']['output'];
  /** In force. */
  readonly limits: Limits;
  readonly name: Scalars['String']['output'];
  readonly quota: Quota;
  /** Null: for ever. */
  readonly retentionDays: Maybe<Scalars['Int']['output']>;
  readonly sessionIdleMinutes: Scalars['Int']['output'];
  readonly sessionMaxHours: Scalars['Int']['output'];
  /** Sessions and what is built on them are final for times before this; null: nothing is settled yet. */
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  /** IANA name; all buckets are cut in it. */
  readonly timeZone: Scalars['String']['output'];
};

export type QuarantineConnection = {
  readonly __typename?: 'QuarantineConnection';
  /** Of the whole project, whatever the filter. */
  readonly counts: ReadonlyArray<QuarantineCount>;
  readonly edges: ReadonlyArray<QuarantineEdge>;
  readonly pageInfo: PageInfo;
};

export type QuarantineCount = {
  readonly __typename?: 'QuarantineCount';
  readonly code: Scalars['String']['output'];
  readonly count: Scalars['Long']['output'];
  readonly stage: QuarantineStage;
};

export type QuarantineEdge = {
  readonly __typename?: 'QuarantineEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: QuarantineEntry;
};

export type QuarantineEntry = {
  readonly __typename?: 'QuarantineEntry';
  /** One of the documented error codes. */
  readonly code: Scalars['String']['output'];
  readonly eventId: Maybe<Scalars['String']['output']>;
  readonly id: Scalars['ID']['output'];
  readonly message: Scalars['String']['output'];
  /** As it was sent, cut at 100 KB; bytes that are not UTF-8 are replaced. */
  readonly payload: Scalars['String']['output'];
  /** Index in the request, or line in an imported file (from 1). */
  readonly position: Maybe<Scalars['Long']['output']>;
  readonly receivedAt: Scalars['DateTime']['output'];
  /** Request id or file name. */
  readonly source: Maybe<Scalars['String']['output']>;
  readonly stage: QuarantineStage;
  readonly traceId: Maybe<Scalars['String']['output']>;
};

/** Where in the pipeline an event was refused. */
export type QuarantineStage =
  | 'decode'
  | 'import'
  | 'ingest'
  | 'store';

/** A field is null only with an error beside it that says why, or where its description says so. */
export type Query = {
  readonly __typename?: 'Query';
  /** Newest first. */
  readonly auditLog: Maybe<ReadonlyArray<AuditEntry>>;
  /** Names of events or properties, or values of one field, most frequent first: for pickers. */
  readonly catalogue: Maybe<Catalogue>;
  /** Where is my event? What is known about the event of this id. */
  readonly event: Maybe<EventTrace>;
  /** Events, newest first. */
  readonly events: Maybe<EventConnection>;
  /** Fields with a fixed name, for filters and breakdowns. `properties.<path>`, `context.<path>` and `groups.<type>` come on top. */
  readonly fields: Maybe<ReadonlyArray<Field>>;
  /** How many get from step to step. */
  readonly funnel: Maybe<Funnel>;
  /** Who is behind one bar of a funnel. */
  readonly funnelUsers: Maybe<FunnelUsers>;
  /** Is everything running, and how far behind is it? */
  readonly health: Maybe<Health>;
  /** Of one project, or all that the token may see. */
  readonly keys: Maybe<ReadonlyArray<ApiKey>>;
  /** Where every received event went, minute by minute of receipt (after 7 days: day by day). */
  readonly ledger: Maybe<Ledger>;
  /** Who is asking. */
  readonly me: Maybe<Me>;
  /** People of the organisation and their roles. */
  readonly members: Maybe<ReadonlyArray<Member>>;
  /** The organisation of the token. */
  readonly organisation: Maybe<Organisation>;
  /** One project with its settings. */
  readonly project: Maybe<Project>;
  /** The projects that the token may see. */
  readonly projects: Maybe<ReadonlyArray<Project>>;
  /** Refused events, newest first. */
  readonly quarantine: Maybe<QuarantineConnection>;
  /** Who comes back, by cohort. */
  readonly retention: Maybe<Retention>;
  /** Sums and distribution over the sessions that started in range. */
  readonly sessionMetrics: Maybe<SessionMetricsAnswer>;
  /** Sessions that started in range, newest first. */
  readonly sessions: Maybe<SessionConnection>;
  /** Counts, users or sums of events over time. */
  readonly trend: Maybe<Trend>;
  /** One user with sessions and timeline; null when none of the user's events is in range. */
  readonly user: Maybe<User>;
  /** Users, last seen first. */
  readonly users: Maybe<UserConnection>;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryAuditLogArgs = {
  first: Scalars['Int']['input'];
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryCatalogueArgs = {
  first: Scalars['Int']['input'];
  input: CatalogueInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryEventArgs = {
  id: Scalars['String']['input'];
  projectId?: InputMaybe<Scalars['ID']['input']>;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  input: EventsInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryFunnelArgs = {
  input: FunnelInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryFunnelUsersArgs = {
  first: Scalars['Int']['input'];
  funnel: FunnelInput;
  outcome: FunnelOutcome;
  step: Scalars['Int']['input'];
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryKeysArgs = {
  projectId?: InputMaybe<Scalars['ID']['input']>;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryLedgerArgs = {
  projectId?: InputMaybe<Scalars['ID']['input']>;
  range: Scalars['Range']['input'];
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryProjectArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryQuarantineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  code?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  projectId?: InputMaybe<Scalars['ID']['input']>;
  stage?: InputMaybe<QuarantineStage>;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryRetentionArgs = {
  input: RetentionInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QuerySessionMetricsArgs = {
  input: SessionMetricsInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QuerySessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  input: SessionsInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryTrendArgs = {
  input: TrendInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryUserArgs = {
  input: UserInput;
};


/** A field is null only with an error beside it that says why, or where its description says so. */
export type QueryUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  input: UsersInput;
};

/** Null: no bound. */
export type Quota = {
  readonly __typename?: 'Quota';
  readonly eventsPerMonth: Maybe<Scalars['Long']['output']>;
  readonly eventsPerSecond: Maybe<Scalars['Int']['output']>;
};

/** What is left out stays as it is; null: no bound. */
export type QuotaInput = {
  readonly eventsPerMonth?: InputMaybe<Scalars['Long']['input']>;
  readonly eventsPerSecond?: InputMaybe<Scalars['Int']['input']>;
};

export type ReplayAnswer = {
  readonly __typename?: 'ReplayAnswer';
  readonly accepted: Scalars['Int']['output'];
  readonly errors: ReadonlyArray<ReplayError>;
  readonly rejected: Scalars['Int']['output'];
};

export type ReplayError = {
  readonly __typename?: 'ReplayError';
  readonly code: Scalars['String']['output'];
  /** Of the quarantine entry. */
  readonly id: Scalars['ID']['output'];
  readonly message: Scalars['String']['output'];
};

export type Retention = Answer & {
  readonly __typename?: 'Retention';
  readonly cached: Scalars['Boolean']['output'];
  readonly cohorts: ReadonlyArray<RetentionRow>;
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
};

export type RetentionCohort =
  /** By the user's first such event ever stored, not only in range. */
  | 'firstTime'
  /** In every bucket with such an event. */
  | 'recurring';

export type RetentionInput = {
  readonly cohort: RetentionCohort;
  readonly filter?: InputMaybe<FilterInput>;
  readonly includeBots: Scalars['Boolean']['input'];
  readonly interval: RetentionInterval;
  /** How often the return event must occur in the period, at least. */
  readonly minimumCount: Scalars['Int']['input'];
  readonly mode: RetentionMode;
  /** Periods after the cohort's own. 1 to 90. */
  readonly periods: Scalars['Int']['input'];
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** Default: any event. */
  readonly return?: InputMaybe<EventInput>;
  /** Default: any event. */
  readonly start?: InputMaybe<EventInput>;
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type RetentionInterval =
  | 'day'
  | 'hour'
  | 'month'
  | 'week';

export type RetentionMode =
  /** Came back in that period. */
  | 'on'
  /** In that period or any later one of the answer. */
  | 'onOrAfter';

export type RetentionRow = {
  readonly __typename?: 'RetentionRow';
  /** Users back in period i (0: the cohort's own); null: that period has not begun within the range. */
  readonly returned: ReadonlyArray<Maybe<Scalars['Long']['output']>>;
  readonly size: Scalars['Long']['output'];
  readonly start: Scalars['DateTime']['output'];
};

export type Role =
  /** All but owners. */
  | 'admin'
  /** Asks and saves. */
  | 'analyst'
  /** Everything. */
  | 'owner'
  /** Asks. */
  | 'viewer';

export type SeriesInput = {
  /** Default: any event. */
  readonly event?: InputMaybe<EventInput>;
  /** For sum, avg, min, max and percentile. */
  readonly field?: InputMaybe<Scalars['String']['input']>;
  /** Letter used in `formula`. Default: A, B, … by position. */
  readonly label?: InputMaybe<Scalars['String']['input']>;
  readonly measure: Measure;
  /** For percentile: between 0 and 100 exclusive. */
  readonly percentile?: InputMaybe<Scalars['Float']['input']>;
};

export type Session = {
  readonly __typename?: 'Session';
  readonly durationMs: Scalars['Long']['output'];
  readonly end: Scalars['DateTime']['output'];
  readonly entryPath: Maybe<Scalars['String']['output']>;
  readonly errors: Scalars['Long']['output'];
  readonly events: Scalars['Long']['output'];
  readonly exitPath: Maybe<Scalars['String']['output']>;
  readonly isBot: Scalars['Boolean']['output'];
  /** At most one page view and, without page views, at most one event. */
  readonly isBounce: Scalars['Boolean']['output'];
  readonly pageViews: Scalars['Long']['output'];
  readonly referrer: Maybe<Scalars['String']['output']>;
  readonly sessionId: Scalars['String']['output'];
  readonly start: Scalars['DateTime']['output'];
  readonly state: SessionState;
  readonly userAgent: Maybe<Scalars['String']['output']>;
  /** More than one when the session crossed a login. */
  readonly userKeys: ReadonlyArray<Scalars['String']['output']>;
  readonly utmCampaign: Maybe<Scalars['String']['output']>;
  readonly utmMedium: Maybe<Scalars['String']['output']>;
  readonly utmSource: Maybe<Scalars['String']['output']>;
};

export type SessionConnection = Answer & {
  readonly __typename?: 'SessionConnection';
  readonly cached: Scalars['Boolean']['output'];
  readonly edges: ReadonlyArray<SessionEdge>;
  readonly pageInfo: PageInfo;
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
};

export type SessionEdge = {
  readonly __typename?: 'SessionEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Session;
};

export type SessionMetrics = {
  readonly __typename?: 'SessionMetrics';
  readonly averageDurationMs: Maybe<Scalars['Float']['output']>;
  /** 0 to 1. */
  readonly bounceRate: Maybe<Scalars['Float']['output']>;
  readonly eventsPerSession: Maybe<Scalars['Float']['output']>;
  readonly medianDurationMs: Maybe<Scalars['Float']['output']>;
  readonly pagesPerSession: Maybe<Scalars['Float']['output']>;
  readonly sessions: Scalars['Long']['output'];
  readonly users: Scalars['Long']['output'];
};

export type SessionMetricsAnswer = Answer & {
  readonly __typename?: 'SessionMetricsAnswer';
  readonly cached: Scalars['Boolean']['output'];
  /** Distribution of durations. */
  readonly durations: ReadonlyArray<HistogramBar>;
  /** One per value of the breakdown. */
  readonly groups: ReadonlyArray<SessionMetricsGroup>;
  readonly sampled: Scalars['Boolean']['output'];
  readonly series: SessionSeries;
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
  readonly total: SessionMetrics;
};

export type SessionMetricsGroup = {
  readonly __typename?: 'SessionMetricsGroup';
  /** Null: the field is not set. */
  readonly breakdown: Maybe<Scalars['String']['output']>;
  readonly metrics: SessionMetrics;
  /** True for the group that sums the values beyond the limit. */
  readonly other: Scalars['Boolean']['output'];
};

export type SessionMetricsInput = {
  /** A field. */
  readonly breakdown?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 1,000. */
  readonly breakdownLimit: Scalars['Int']['input'];
  readonly filter?: InputMaybe<FilterInput>;
  readonly includeBots: Scalars['Boolean']['input'];
  readonly interval: Interval;
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
};

/** Index i of each list belongs to `buckets[i]`. */
export type SessionSeries = {
  readonly __typename?: 'SessionSeries';
  readonly averageDurationMs: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
  readonly bounceRate: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
  readonly buckets: ReadonlyArray<Scalars['DateTime']['output']>;
  readonly eventsPerSession: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
  readonly medianDurationMs: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
  readonly pagesPerSession: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
  readonly sessions: ReadonlyArray<Scalars['Long']['output']>;
  readonly users: ReadonlyArray<Scalars['Long']['output']>;
};

export type SessionState =
  | 'closed'
  | 'open'
  /** Exact, behind the lateness bound. */
  | 'settled';

export type SessionsInput = {
  readonly filter?: InputMaybe<FilterInput>;
  readonly includeBots: Scalars['Boolean']['input'];
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
  /** `u:` and the user id, `a:` and the anonymous id, or `s:` and the session id. */
  readonly userKey?: InputMaybe<Scalars['String']['input']>;
};

export type StoredPlace = {
  readonly __typename?: 'StoredPlace';
  readonly logOffset: Scalars['Long']['output'];
  readonly logPartition: Scalars['Int']['output'];
  readonly receivedAt: Scalars['DateTime']['output'];
  readonly timestamp: Scalars['DateTime']['output'];
};

export type Trend = Answer & {
  readonly __typename?: 'Trend';
  /** Start of each bucket. */
  readonly buckets: ReadonlyArray<Scalars['DateTime']['output']>;
  readonly cached: Scalars['Boolean']['output'];
  readonly lines: ReadonlyArray<TrendLine>;
  /** Null unless `comparePrevious` was asked. */
  readonly previous: Maybe<PreviousTrend>;
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
};

export type TrendInput = {
  /** Values kept per series, the greatest first; the rest is summed as `other`. 1 to 1,000. */
  readonly breakdownLimit: Scalars['Int']['input'];
  /** Fields, at most 3. */
  readonly breakdowns: ReadonlyArray<Scalars['String']['input']>;
  /** Also answer the range of equal length just before. */
  readonly comparePrevious: Scalars['Boolean']['input'];
  readonly cumulative: Scalars['Boolean']['input'];
  readonly filter?: InputMaybe<FilterInput>;
  /** Arithmetic over the series' labels, e.g. `A / B * 100`. Division by zero gives null. */
  readonly formula?: InputMaybe<Scalars['String']['input']>;
  readonly includeBots: Scalars['Boolean']['input'];
  readonly interval: Interval;
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** 1 to 26. Default: all events. */
  readonly series: ReadonlyArray<SeriesInput>;
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type TrendLine = {
  readonly __typename?: 'TrendLine';
  /** One value per breakdown; null: the field is not set. */
  readonly breakdown: ReadonlyArray<Maybe<Scalars['String']['output']>>;
  /** Of the series, or the formula. */
  readonly label: Scalars['String']['output'];
  /** True for the line that sums the values beyond the limit. */
  readonly other: Scalars['Boolean']['output'];
  /** Over the whole range (a user counts once), not the sum of `values`. */
  readonly total: Maybe<Scalars['Float']['output']>;
  /** One value per bucket. */
  readonly values: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
};

export type UpdateProjectInput = {
  readonly limits?: InputMaybe<LimitsInput>;
  readonly name?: InputMaybe<Scalars['String']['input']>;
  readonly quota?: InputMaybe<QuotaInput>;
  /** Null: for ever. */
  readonly retentionDays?: InputMaybe<Scalars['Int']['input']>;
  readonly sessionIdleMinutes?: InputMaybe<Scalars['Int']['input']>;
  readonly sessionMaxHours?: InputMaybe<Scalars['Int']['input']>;
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type User = Answer & {
  readonly __typename?: 'User';
  readonly cached: Scalars['Boolean']['output'];
  readonly sampled: Scalars['Boolean']['output'];
  /** The user's sessions, newest first. */
  readonly sessions: SessionConnection;
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly summary: UserSummary;
  /** The user's events, newest first. */
  readonly timeline: EventConnection;
  readonly tookMs: Scalars['Float']['output'];
  readonly userKey: Scalars['String']['output'];
};


export type UserSessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FilterInput>;
  first: Scalars['Int']['input'];
};


export type UserTimelineArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  event?: InputMaybe<EventInput>;
  filter?: InputMaybe<FilterInput>;
  first: Scalars['Int']['input'];
};

export type UserConnection = Answer & {
  readonly __typename?: 'UserConnection';
  readonly cached: Scalars['Boolean']['output'];
  readonly edges: ReadonlyArray<UserEdge>;
  readonly pageInfo: PageInfo;
  readonly sampled: Scalars['Boolean']['output'];
  readonly settledUpTo: Maybe<Scalars['DateTime']['output']>;
  readonly tookMs: Scalars['Float']['output'];
};

export type UserEdge = {
  readonly __typename?: 'UserEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: UserSummary;
};

export type UserInput = {
  readonly includeBots: Scalars['Boolean']['input'];
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  /** Default: all times. */
  readonly range?: InputMaybe<Scalars['Range']['input']>;
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
  /** `u:` and the user id, `a:` and the anonymous id, or `s:` and the session id. */
  readonly userKey: Scalars['String']['input'];
};

/** A user as seen in the range of the question. */
export type UserSummary = {
  readonly __typename?: 'UserSummary';
  readonly anonymousId: Maybe<Scalars['String']['output']>;
  readonly events: Scalars['Long']['output'];
  readonly firstSeen: Scalars['DateTime']['output'];
  readonly lastSeen: Scalars['DateTime']['output'];
  readonly sessions: Scalars['Long']['output'];
  readonly userId: Maybe<Scalars['String']['output']>;
  readonly userKey: Scalars['String']['output'];
};

export type UsersInput = {
  readonly filter?: InputMaybe<FilterInput>;
  readonly includeBots: Scalars['Boolean']['input'];
  /** Default: the token's project, or the organisation's only one. */
  readonly projectId?: InputMaybe<Scalars['ID']['input']>;
  readonly range: Scalars['Range']['input'];
  /** Part of the user or anonymous id. */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /** IANA name. Default: the project's. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type WithIndex<TObject> = TObject & Record<string, any>;
export type ResolversObject<TObject> = WithIndex<TObject>;

export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = ResolversObject<{
  Answer:
    | ( CatalogueAnswerModel )
    | ( Omit<EventConnection, 'edges'> & { edges: ReadonlyArray<_RefType['EventEdge']> } )
    | ( Omit<Funnel, 'groups'> & { groups: ReadonlyArray<_RefType['FunnelGroup']> } )
    | ( FunnelUsersAnswerModel )
    | ( RetentionAnswerModel )
    | ( Omit<SessionConnection, 'edges'> & { edges: ReadonlyArray<_RefType['SessionEdge']> } )
    | ( Omit<SessionMetricsAnswer, 'groups' | 'total'> & { groups: ReadonlyArray<_RefType['SessionMetricsGroup']>, total: _RefType['SessionMetrics'] } )
    | ( TrendAnswerModel )
    | ( UserFoundModel )
    | ( Omit<UserConnection, 'edges'> & { edges: ReadonlyArray<_RefType['UserEdge']> } )
  ;
}>;

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = ResolversObject<{
  Answer: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Answer']>;
  ApiKey: ResolverTypeWrapper<ApiKeyModel>;
  Attribution: Attribution;
  AuditEntry: ResolverTypeWrapper<AuditEntryModel>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Catalogue: ResolverTypeWrapper<CatalogueAnswerModel>;
  CatalogueInput: CatalogueInput;
  CatalogueItem: ResolverTypeWrapper<CatalogueItem>;
  CatalogueOf: CatalogueOf;
  ComponentHealth: ResolverTypeWrapper<ComponentHealth>;
  ComponentState: ComponentState;
  CreateKeyInput: CreateKeyInput;
  CreateProjectInput: CreateProjectInput;
  CreatedKey: ResolverTypeWrapper<Omit<CreatedKey, 'key'> & { key: ResolversTypes['ApiKey'] }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DurationInput: DurationInput;
  Event: ResolverTypeWrapper<StoredEventModel>;
  EventConnection: ResolverTypeWrapper<Omit<EventConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['EventEdge']> }>;
  EventEdge: ResolverTypeWrapper<Omit<EventEdge, 'node'> & { node: ResolversTypes['Event'] }>;
  EventFlag: EventFlag;
  EventInput: EventInput;
  EventPlace: EventPlace;
  EventTrace: ResolverTypeWrapper<Omit<EventTrace, 'quarantined'> & { quarantined?: Maybe<ResolversTypes['QuarantineEntry']> }>;
  EventsInput: EventsInput;
  Field: ResolverTypeWrapper<Field>;
  FieldFixInput: FieldFixInput;
  FieldType: FieldType;
  FilterInput: FilterInput;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Funnel: ResolverTypeWrapper<Omit<Funnel, 'groups'> & { groups: ReadonlyArray<ResolversTypes['FunnelGroup']> }>;
  FunnelExclusionInput: FunnelExclusionInput;
  FunnelGroup: ResolverTypeWrapper<FunnelGroupModel>;
  FunnelInput: FunnelInput;
  FunnelOrder: FunnelOrder;
  FunnelOutcome: FunnelOutcome;
  FunnelPer: FunnelPer;
  FunnelStep: ResolverTypeWrapper<FunnelStepAnswerModel>;
  FunnelStepInput: FunnelStepInput;
  FunnelTrend: ResolverTypeWrapper<FunnelTrend>;
  FunnelUser: ResolverTypeWrapper<FunnelUser>;
  FunnelUsers: ResolverTypeWrapper<FunnelUsersAnswerModel>;
  Health: ResolverTypeWrapper<HealthReportModel>;
  HistogramBar: ResolverTypeWrapper<HistogramBar>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Interval: Interval;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  KeyKind: KeyKind;
  Ledger: ResolverTypeWrapper<Ledger>;
  LedgerTotal: ResolverTypeWrapper<LedgerTotal>;
  Limits: ResolverTypeWrapper<Limits>;
  LimitsInput: LimitsInput;
  Long: ResolverTypeWrapper<Scalars['Long']['output']>;
  Me: ResolverTypeWrapper<PrincipalModel>;
  Measure: Measure;
  Member: ResolverTypeWrapper<MemberModel>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Operator: Operator;
  Organisation: ResolverTypeWrapper<OrganisationModel>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PartitionLag: ResolverTypeWrapper<PartitionLag>;
  PreviousTrend: ResolverTypeWrapper<Omit<PreviousTrend, 'lines'> & { lines: ReadonlyArray<ResolversTypes['TrendLine']> }>;
  Project: ResolverTypeWrapper<ProjectModel>;
  QuarantineConnection: ResolverTypeWrapper<QuarantinePageModel>;
  QuarantineCount: ResolverTypeWrapper<QuarantineCount>;
  QuarantineEdge: ResolverTypeWrapper<Omit<QuarantineEdge, 'node'> & { node: ResolversTypes['QuarantineEntry'] }>;
  QuarantineEntry: ResolverTypeWrapper<QuarantineEntryModel>;
  QuarantineStage: QuarantineStage;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Quota: ResolverTypeWrapper<Quota>;
  QuotaInput: QuotaInput;
  Range: ResolverTypeWrapper<Scalars['Range']['output']>;
  ReplayAnswer: ResolverTypeWrapper<ReplayAnswer>;
  ReplayError: ResolverTypeWrapper<ReplayError>;
  Retention: ResolverTypeWrapper<RetentionAnswerModel>;
  RetentionCohort: RetentionCohort;
  RetentionInput: RetentionInput;
  RetentionInterval: RetentionInterval;
  RetentionMode: RetentionMode;
  RetentionRow: ResolverTypeWrapper<RetentionRow>;
  Role: Role;
  Scalar: ResolverTypeWrapper<Scalars['Scalar']['output']>;
  SeriesInput: SeriesInput;
  Session: ResolverTypeWrapper<SessionSummaryModel>;
  SessionConnection: ResolverTypeWrapper<Omit<SessionConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['SessionEdge']> }>;
  SessionEdge: ResolverTypeWrapper<Omit<SessionEdge, 'node'> & { node: ResolversTypes['Session'] }>;
  SessionMetrics: ResolverTypeWrapper<SessionMetricsModel>;
  SessionMetricsAnswer: ResolverTypeWrapper<Omit<SessionMetricsAnswer, 'groups' | 'total'> & { groups: ReadonlyArray<ResolversTypes['SessionMetricsGroup']>, total: ResolversTypes['SessionMetrics'] }>;
  SessionMetricsGroup: ResolverTypeWrapper<Omit<SessionMetricsGroup, 'metrics'> & { metrics: ResolversTypes['SessionMetrics'] }>;
  SessionMetricsInput: SessionMetricsInput;
  SessionSeries: ResolverTypeWrapper<SessionSeries>;
  SessionState: SessionState;
  SessionsInput: SessionsInput;
  StoredPlace: ResolverTypeWrapper<StoredPlace>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Trend: ResolverTypeWrapper<TrendAnswerModel>;
  TrendInput: TrendInput;
  TrendLine: ResolverTypeWrapper<TrendLineModel>;
  UpdateProjectInput: UpdateProjectInput;
  User: ResolverTypeWrapper<UserFoundModel>;
  UserConnection: ResolverTypeWrapper<Omit<UserConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['UserEdge']> }>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['UserSummary'] }>;
  UserInput: UserInput;
  UserSummary: ResolverTypeWrapper<UserSummaryModel>;
  UsersInput: UsersInput;
}>;

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = ResolversObject<{
  Answer: ResolversInterfaceTypes<ResolversParentTypes>['Answer'];
  ApiKey: ApiKeyModel;
  AuditEntry: AuditEntryModel;
  Boolean: Scalars['Boolean']['output'];
  Catalogue: CatalogueAnswerModel;
  CatalogueInput: CatalogueInput;
  CatalogueItem: CatalogueItem;
  ComponentHealth: ComponentHealth;
  CreateKeyInput: CreateKeyInput;
  CreateProjectInput: CreateProjectInput;
  CreatedKey: Omit<CreatedKey, 'key'> & { key: ResolversParentTypes['ApiKey'] };
  DateTime: Scalars['DateTime']['output'];
  DurationInput: DurationInput;
  Event: StoredEventModel;
  EventConnection: Omit<EventConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['EventEdge']> };
  EventEdge: Omit<EventEdge, 'node'> & { node: ResolversParentTypes['Event'] };
  EventInput: EventInput;
  EventTrace: Omit<EventTrace, 'quarantined'> & { quarantined?: Maybe<ResolversParentTypes['QuarantineEntry']> };
  EventsInput: EventsInput;
  Field: Field;
  FieldFixInput: FieldFixInput;
  FilterInput: FilterInput;
  Float: Scalars['Float']['output'];
  Funnel: Omit<Funnel, 'groups'> & { groups: ReadonlyArray<ResolversParentTypes['FunnelGroup']> };
  FunnelExclusionInput: FunnelExclusionInput;
  FunnelGroup: FunnelGroupModel;
  FunnelInput: FunnelInput;
  FunnelStep: FunnelStepAnswerModel;
  FunnelStepInput: FunnelStepInput;
  FunnelTrend: FunnelTrend;
  FunnelUser: FunnelUser;
  FunnelUsers: FunnelUsersAnswerModel;
  Health: HealthReportModel;
  HistogramBar: HistogramBar;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  JSON: Scalars['JSON']['output'];
  Ledger: Ledger;
  LedgerTotal: LedgerTotal;
  Limits: Limits;
  LimitsInput: LimitsInput;
  Long: Scalars['Long']['output'];
  Me: PrincipalModel;
  Member: MemberModel;
  Mutation: Record<PropertyKey, never>;
  Organisation: OrganisationModel;
  PageInfo: PageInfo;
  PartitionLag: PartitionLag;
  PreviousTrend: Omit<PreviousTrend, 'lines'> & { lines: ReadonlyArray<ResolversParentTypes['TrendLine']> };
  Project: ProjectModel;
  QuarantineConnection: QuarantinePageModel;
  QuarantineCount: QuarantineCount;
  QuarantineEdge: Omit<QuarantineEdge, 'node'> & { node: ResolversParentTypes['QuarantineEntry'] };
  QuarantineEntry: QuarantineEntryModel;
  Query: Record<PropertyKey, never>;
  Quota: Quota;
  QuotaInput: QuotaInput;
  Range: Scalars['Range']['output'];
  ReplayAnswer: ReplayAnswer;
  ReplayError: ReplayError;
  Retention: RetentionAnswerModel;
  RetentionInput: RetentionInput;
  RetentionRow: RetentionRow;
  Scalar: Scalars['Scalar']['output'];
  SeriesInput: SeriesInput;
  Session: SessionSummaryModel;
  SessionConnection: Omit<SessionConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['SessionEdge']> };
  SessionEdge: Omit<SessionEdge, 'node'> & { node: ResolversParentTypes['Session'] };
  SessionMetrics: SessionMetricsModel;
  SessionMetricsAnswer: Omit<SessionMetricsAnswer, 'groups' | 'total'> & { groups: ReadonlyArray<ResolversParentTypes['SessionMetricsGroup']>, total: ResolversParentTypes['SessionMetrics'] };
  SessionMetricsGroup: Omit<SessionMetricsGroup, 'metrics'> & { metrics: ResolversParentTypes['SessionMetrics'] };
  SessionMetricsInput: SessionMetricsInput;
  SessionSeries: SessionSeries;
  SessionsInput: SessionsInput;
  StoredPlace: StoredPlace;
  String: Scalars['String']['output'];
  Trend: TrendAnswerModel;
  TrendInput: TrendInput;
  TrendLine: TrendLineModel;
  UpdateProjectInput: UpdateProjectInput;
  User: UserFoundModel;
  UserConnection: Omit<UserConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['UserEdge']> };
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['UserSummary'] };
  UserInput: UserInput;
  UserSummary: UserSummaryModel;
  UsersInput: UsersInput;
}>;

export type CostDirectiveArgs = {
  weight: Scalars['Int']['input'];
};

export type CostDirectiveResolver<Result, Parent, ContextType = GraphqlContext, Args = CostDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ListSizeDirectiveArgs = {
  assumedSize?: Maybe<Scalars['Int']['input']>;
  sizedFields?: Maybe<ReadonlyArray<Scalars['String']['input']>>;
  slicingArguments?: Maybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type ListSizeDirectiveResolver<Result, Parent, ContextType = GraphqlContext, Args = ListSizeDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AnswerResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Answer'] = ResolversParentTypes['Answer']> = ResolversObject<{
  __resolveType: TypeResolveFn<'Catalogue' | 'EventConnection' | 'Funnel' | 'FunnelUsers' | 'Retention' | 'SessionConnection' | 'SessionMetricsAnswer' | 'Trend' | 'User' | 'UserConnection', ParentType, ContextType>;
}>;

export type ApiKeyResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ApiKey'] = ResolversParentTypes['ApiKey']> = ResolversObject<{
  allowedOrigins?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  disabledAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['KeyKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  prefix?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  projectId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  revokedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['Role']>, ParentType, ContextType>;
}>;

export type AuditEntryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = ResolversObject<{
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  details?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type CatalogueResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Catalogue'] = ResolversParentTypes['Catalogue']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['CatalogueItem']>, ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type CatalogueItemResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['CatalogueItem'] = ResolversParentTypes['CatalogueItem']> = ResolversObject<{
  count?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  lastSeen?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type ComponentHealthResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ComponentHealth'] = ResolversParentTypes['ComponentHealth']> = ResolversObject<{
  detail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ComponentState'], ParentType, ContextType>;
}>;

export type CreatedKeyResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['CreatedKey'] = ResolversParentTypes['CreatedKey']> = ResolversObject<{
  key?: Resolver<ResolversTypes['ApiKey'], ParentType, ContextType>;
  secret?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type EventResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Event'] = ResolversParentTypes['Event']> = ResolversObject<{
  anonymousId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  apiDurationMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  apiMethod?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  apiRoute?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  apiStatus?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  context?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  contextText?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  durationMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  errorMessage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  errorStack?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  errorType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  eventId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  flags?: Resolver<ReadonlyArray<ResolversTypes['EventFlag']>, ParentType, ContextType>;
  groups?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  groupsText?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  journeyId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lane?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  originalTimestamp?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  pagePath?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pageReferrer?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pageTitle?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pageUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  properties?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  propertiesText?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sentAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  sessionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stepId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stepName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  timestamp?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  uiAction?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uiComponentName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uiComponentPath?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uiComponentType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uiElement?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uiElementText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uiStateAfter?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  uiStateBefore?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  uiStateKey?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userKey?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  utmCampaign?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  utmMedium?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  utmSource?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
}>;

export type EventConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EventConnection'] = ResolversParentTypes['EventConnection']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['EventEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type EventEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EventEdge'] = ResolversParentTypes['EventEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Event'], ParentType, ContextType>;
}>;

export type EventTraceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EventTrace'] = ResolversParentTypes['EventTrace']> = ResolversObject<{
  eventId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  explanation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  place?: Resolver<ResolversTypes['EventPlace'], ParentType, ContextType>;
  quarantined?: Resolver<Maybe<ResolversTypes['QuarantineEntry']>, ParentType, ContextType>;
  stored?: Resolver<Maybe<ResolversTypes['StoredPlace']>, ParentType, ContextType>;
}>;

export type FieldResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Field'] = ResolversParentTypes['Field']> = ResolversObject<{
  meaning?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['FieldType'], ParentType, ContextType>;
}>;

export type FunnelResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Funnel'] = ResolversParentTypes['Funnel']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  groups?: Resolver<ReadonlyArray<ResolversTypes['FunnelGroup']>, ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  trend?: Resolver<ResolversTypes['FunnelTrend'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type FunnelGroupResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['FunnelGroup'] = ResolversParentTypes['FunnelGroup']> = ResolversObject<{
  breakdown?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  histogram?: Resolver<ReadonlyArray<ResolversTypes['HistogramBar']>, ParentType, ContextType>;
  other?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  steps?: Resolver<ReadonlyArray<ResolversTypes['FunnelStep']>, ParentType, ContextType>;
}>;

export type FunnelStepResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['FunnelStep'] = ResolversParentTypes['FunnelStep']> = ResolversObject<{
  averageTimeMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  conversion?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  conversionFromPrevious?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  dropped?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  medianTimeMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type FunnelTrendResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['FunnelTrend'] = ResolversParentTypes['FunnelTrend']> = ResolversObject<{
  buckets?: Resolver<ReadonlyArray<ResolversTypes['DateTime']>, ParentType, ContextType>;
  converted?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  entered?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
}>;

export type FunnelUserResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['FunnelUser'] = ResolversParentTypes['FunnelUser']> = ResolversObject<{
  enteredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  userKey?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type FunnelUsersResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['FunnelUsers'] = ResolversParentTypes['FunnelUsers']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  users?: Resolver<ReadonlyArray<ResolversTypes['FunnelUser']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type HealthResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Health'] = ResolversParentTypes['Health']> = ResolversObject<{
  components?: Resolver<ReadonlyArray<ResolversTypes['ComponentHealth']>, ParentType, ContextType>;
  lag?: Resolver<ReadonlyArray<ResolversTypes['PartitionLag']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ComponentState'], ParentType, ContextType>;
}>;

export type HistogramBarResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['HistogramBar'] = ResolversParentTypes['HistogramBar']> = ResolversObject<{
  count?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  upToMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
}>;

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type LedgerResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Ledger'] = ResolversParentTypes['Ledger']> = ResolversObject<{
  accepted?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  buckets?: Resolver<ReadonlyArray<ResolversTypes['DateTime']>, ParentType, ContextType>;
  duplicate?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  erased?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  quarantinedLater?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  received?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  rejected?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  stored?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['LedgerTotal'], ParentType, ContextType>;
  unaccounted?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
}>;

export type LedgerTotalResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LedgerTotal'] = ResolversParentTypes['LedgerTotal']> = ResolversObject<{
  accepted?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  duplicate?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  erased?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  quarantinedLater?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  received?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  rejected?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  stored?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  unaccounted?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
}>;

export type LimitsResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Limits'] = ResolversParentTypes['Limits']> = ResolversObject<{
  bodyBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  depth?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  eventBytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  events?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  idLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  keys?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  textLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
}>;

export interface LongScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Long'], any> {
  name: 'Long';
}

export type MeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Me'] = ResolversParentTypes['Me']> = ResolversObject<{
  actions?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  keyId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  organisation?: Resolver<ResolversTypes['Organisation'], ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
}>;

export type MemberResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member']> = ResolversObject<{
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
}>;

export type MutationResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = ResolversObject<{
  createKey?: Resolver<Maybe<ResolversTypes['CreatedKey']>, ParentType, ContextType, RequireFields<MutationCreateKeyArgs, 'input'>>;
  createProject?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType, RequireFields<MutationCreateProjectArgs, 'input'>>;
  disableKey?: Resolver<Maybe<ResolversTypes['ApiKey']>, ParentType, ContextType, RequireFields<MutationDisableKeyArgs, 'id'>>;
  enableKey?: Resolver<Maybe<ResolversTypes['ApiKey']>, ParentType, ContextType, RequireFields<MutationEnableKeyArgs, 'id'>>;
  putMember?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType, RequireFields<MutationPutMemberArgs, 'email' | 'role'>>;
  removeMember?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType, RequireFields<MutationRemoveMemberArgs, 'id'>>;
  replayQuarantine?: Resolver<Maybe<ResolversTypes['ReplayAnswer']>, ParentType, ContextType, RequireFields<MutationReplayQuarantineArgs, 'fix' | 'ids'>>;
  revokeKey?: Resolver<Maybe<ResolversTypes['ApiKey']>, ParentType, ContextType, RequireFields<MutationRevokeKeyArgs, 'id'>>;
  updateProject?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType, RequireFields<MutationUpdateProjectArgs, 'id' | 'input'>>;
}>;

export type OrganisationResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Organisation'] = ResolversParentTypes['Organisation']> = ResolversObject<{
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type PageInfoResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = ResolversObject<{
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
}>;

export type PartitionLagResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['PartitionLag'] = ResolversParentTypes['PartitionLag']> = ResolversObject<{
  group?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partition?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  records?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  topic?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type PreviousTrendResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['PreviousTrend'] = ResolversParentTypes['PreviousTrend']> = ResolversObject<{
  buckets?: Resolver<ReadonlyArray<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['TrendLine']>, ParentType, ContextType>;
}>;

export type ProjectResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project']> = ResolversObject<{
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  limits?: Resolver<ResolversTypes['Limits'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quota?: Resolver<ResolversTypes['Quota'], ParentType, ContextType>;
  retentionDays?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  sessionIdleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sessionMaxHours?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type QuarantineConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['QuarantineConnection'] = ResolversParentTypes['QuarantineConnection']> = ResolversObject<{
  counts?: Resolver<ReadonlyArray<ResolversTypes['QuarantineCount']>, ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['QuarantineEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
}>;

export type QuarantineCountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['QuarantineCount'] = ResolversParentTypes['QuarantineCount']> = ResolversObject<{
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  stage?: Resolver<ResolversTypes['QuarantineStage'], ParentType, ContextType>;
}>;

export type QuarantineEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['QuarantineEdge'] = ResolversParentTypes['QuarantineEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['QuarantineEntry'], ParentType, ContextType>;
}>;

export type QuarantineEntryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['QuarantineEntry'] = ResolversParentTypes['QuarantineEntry']> = ResolversObject<{
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  eventId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  payload?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  position?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stage?: Resolver<ResolversTypes['QuarantineStage'], ParentType, ContextType>;
  traceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
}>;

export type QueryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = ResolversObject<{
  auditLog?: Resolver<Maybe<ReadonlyArray<ResolversTypes['AuditEntry']>>, ParentType, ContextType, RequireFields<QueryAuditLogArgs, 'first'>>;
  catalogue?: Resolver<Maybe<ResolversTypes['Catalogue']>, ParentType, ContextType, RequireFields<QueryCatalogueArgs, 'first' | 'input'>>;
  event?: Resolver<Maybe<ResolversTypes['EventTrace']>, ParentType, ContextType, RequireFields<QueryEventArgs, 'id'>>;
  events?: Resolver<Maybe<ResolversTypes['EventConnection']>, ParentType, ContextType, RequireFields<QueryEventsArgs, 'first' | 'input'>>;
  fields?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Field']>>, ParentType, ContextType>;
  funnel?: Resolver<Maybe<ResolversTypes['Funnel']>, ParentType, ContextType, RequireFields<QueryFunnelArgs, 'input'>>;
  funnelUsers?: Resolver<Maybe<ResolversTypes['FunnelUsers']>, ParentType, ContextType, RequireFields<QueryFunnelUsersArgs, 'first' | 'funnel' | 'outcome' | 'step'>>;
  health?: Resolver<Maybe<ResolversTypes['Health']>, ParentType, ContextType>;
  keys?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ApiKey']>>, ParentType, ContextType, Partial<QueryKeysArgs>>;
  ledger?: Resolver<Maybe<ResolversTypes['Ledger']>, ParentType, ContextType, RequireFields<QueryLedgerArgs, 'range'>>;
  me?: Resolver<Maybe<ResolversTypes['Me']>, ParentType, ContextType>;
  members?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Member']>>, ParentType, ContextType>;
  organisation?: Resolver<Maybe<ResolversTypes['Organisation']>, ParentType, ContextType>;
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType, Partial<QueryProjectArgs>>;
  projects?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Project']>>, ParentType, ContextType>;
  quarantine?: Resolver<Maybe<ResolversTypes['QuarantineConnection']>, ParentType, ContextType, RequireFields<QueryQuarantineArgs, 'first'>>;
  retention?: Resolver<Maybe<ResolversTypes['Retention']>, ParentType, ContextType, RequireFields<QueryRetentionArgs, 'input'>>;
  sessionMetrics?: Resolver<Maybe<ResolversTypes['SessionMetricsAnswer']>, ParentType, ContextType, RequireFields<QuerySessionMetricsArgs, 'input'>>;
  sessions?: Resolver<Maybe<ResolversTypes['SessionConnection']>, ParentType, ContextType, RequireFields<QuerySessionsArgs, 'first' | 'input'>>;
  trend?: Resolver<Maybe<ResolversTypes['Trend']>, ParentType, ContextType, RequireFields<QueryTrendArgs, 'input'>>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'input'>>;
  users?: Resolver<Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, RequireFields<QueryUsersArgs, 'first' | 'input'>>;
}>;

export type QuotaResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Quota'] = ResolversParentTypes['Quota']> = ResolversObject<{
  eventsPerMonth?: Resolver<Maybe<ResolversTypes['Long']>, ParentType, ContextType>;
  eventsPerSecond?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
}>;

export interface RangeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Range'], any> {
  name: 'Range';
}

export type ReplayAnswerResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ReplayAnswer'] = ResolversParentTypes['ReplayAnswer']> = ResolversObject<{
  accepted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  errors?: Resolver<ReadonlyArray<ResolversTypes['ReplayError']>, ParentType, ContextType>;
  rejected?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
}>;

export type ReplayErrorResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ReplayError'] = ResolversParentTypes['ReplayError']> = ResolversObject<{
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type RetentionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Retention'] = ResolversParentTypes['Retention']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  cohorts?: Resolver<ReadonlyArray<ResolversTypes['RetentionRow']>, ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type RetentionRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['RetentionRow'] = ResolversParentTypes['RetentionRow']> = ResolversObject<{
  returned?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Long']>>, ParentType, ContextType>;
  size?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  start?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
}>;

export interface ScalarScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Scalar'], any> {
  name: 'Scalar';
}

export type SessionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = ResolversObject<{
  durationMs?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  end?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  entryPath?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  errors?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  events?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  exitPath?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isBot?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isBounce?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  pageViews?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  referrer?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sessionId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  start?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SessionState'], ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userKeys?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  utmCampaign?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  utmMedium?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  utmSource?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
}>;

export type SessionConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SessionConnection'] = ResolversParentTypes['SessionConnection']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['SessionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type SessionEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SessionEdge'] = ResolversParentTypes['SessionEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
}>;

export type SessionMetricsResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SessionMetrics'] = ResolversParentTypes['SessionMetrics']> = ResolversObject<{
  averageDurationMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  bounceRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  eventsPerSession?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  medianDurationMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  pagesPerSession?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  sessions?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  users?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
}>;

export type SessionMetricsAnswerResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SessionMetricsAnswer'] = ResolversParentTypes['SessionMetricsAnswer']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  durations?: Resolver<ReadonlyArray<ResolversTypes['HistogramBar']>, ParentType, ContextType>;
  groups?: Resolver<ReadonlyArray<ResolversTypes['SessionMetricsGroup']>, ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  series?: Resolver<ResolversTypes['SessionSeries'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['SessionMetrics'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type SessionMetricsGroupResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SessionMetricsGroup'] = ResolversParentTypes['SessionMetricsGroup']> = ResolversObject<{
  breakdown?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  metrics?: Resolver<ResolversTypes['SessionMetrics'], ParentType, ContextType>;
  other?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
}>;

export type SessionSeriesResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SessionSeries'] = ResolversParentTypes['SessionSeries']> = ResolversObject<{
  averageDurationMs?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
  bounceRate?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
  buckets?: Resolver<ReadonlyArray<ResolversTypes['DateTime']>, ParentType, ContextType>;
  eventsPerSession?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
  medianDurationMs?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
  pagesPerSession?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
  sessions?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
  users?: Resolver<ReadonlyArray<ResolversTypes['Long']>, ParentType, ContextType>;
}>;

export type StoredPlaceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['StoredPlace'] = ResolversParentTypes['StoredPlace']> = ResolversObject<{
  logOffset?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  logPartition?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  timestamp?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
}>;

export type TrendResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Trend'] = ResolversParentTypes['Trend']> = ResolversObject<{
  buckets?: Resolver<ReadonlyArray<ResolversTypes['DateTime']>, ParentType, ContextType>;
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['TrendLine']>, ParentType, ContextType>;
  previous?: Resolver<Maybe<ResolversTypes['PreviousTrend']>, ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type TrendLineResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['TrendLine'] = ResolversParentTypes['TrendLine']> = ResolversObject<{
  breakdown?: Resolver<ReadonlyArray<Maybe<ResolversTypes['String']>>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  other?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  total?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  values?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
}>;

export type UserResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  sessions?: Resolver<ResolversTypes['SessionConnection'], ParentType, ContextType, RequireFields<UserSessionsArgs, 'first'>>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['UserSummary'], ParentType, ContextType>;
  timeline?: Resolver<ResolversTypes['EventConnection'], ParentType, ContextType, RequireFields<UserTimelineArgs, 'first'>>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  userKey?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type UserConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = ResolversObject<{
  cached?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sampled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  settledUpTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  tookMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
}>;

export type UserEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = ResolversObject<{
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['UserSummary'], ParentType, ContextType>;
}>;

export type UserSummaryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['UserSummary'] = ResolversParentTypes['UserSummary']> = ResolversObject<{
  anonymousId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  events?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  firstSeen?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastSeen?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sessions?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  userId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userKey?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
}>;

export type Resolvers<ContextType = GraphqlContext> = ResolversObject<{
  Answer?: AnswerResolvers<ContextType>;
  ApiKey?: ApiKeyResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  Catalogue?: CatalogueResolvers<ContextType>;
  CatalogueItem?: CatalogueItemResolvers<ContextType>;
  ComponentHealth?: ComponentHealthResolvers<ContextType>;
  CreatedKey?: CreatedKeyResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Event?: EventResolvers<ContextType>;
  EventConnection?: EventConnectionResolvers<ContextType>;
  EventEdge?: EventEdgeResolvers<ContextType>;
  EventTrace?: EventTraceResolvers<ContextType>;
  Field?: FieldResolvers<ContextType>;
  Funnel?: FunnelResolvers<ContextType>;
  FunnelGroup?: FunnelGroupResolvers<ContextType>;
  FunnelStep?: FunnelStepResolvers<ContextType>;
  FunnelTrend?: FunnelTrendResolvers<ContextType>;
  FunnelUser?: FunnelUserResolvers<ContextType>;
  FunnelUsers?: FunnelUsersResolvers<ContextType>;
  Health?: HealthResolvers<ContextType>;
  HistogramBar?: HistogramBarResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Ledger?: LedgerResolvers<ContextType>;
  LedgerTotal?: LedgerTotalResolvers<ContextType>;
  Limits?: LimitsResolvers<ContextType>;
  Long?: GraphQLScalarType;
  Me?: MeResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Organisation?: OrganisationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PartitionLag?: PartitionLagResolvers<ContextType>;
  PreviousTrend?: PreviousTrendResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  QuarantineConnection?: QuarantineConnectionResolvers<ContextType>;
  QuarantineCount?: QuarantineCountResolvers<ContextType>;
  QuarantineEdge?: QuarantineEdgeResolvers<ContextType>;
  QuarantineEntry?: QuarantineEntryResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Quota?: QuotaResolvers<ContextType>;
  Range?: GraphQLScalarType;
  ReplayAnswer?: ReplayAnswerResolvers<ContextType>;
  ReplayError?: ReplayErrorResolvers<ContextType>;
  Retention?: RetentionResolvers<ContextType>;
  RetentionRow?: RetentionRowResolvers<ContextType>;
  Scalar?: GraphQLScalarType;
  Session?: SessionResolvers<ContextType>;
  SessionConnection?: SessionConnectionResolvers<ContextType>;
  SessionEdge?: SessionEdgeResolvers<ContextType>;
  SessionMetrics?: SessionMetricsResolvers<ContextType>;
  SessionMetricsAnswer?: SessionMetricsAnswerResolvers<ContextType>;
  SessionMetricsGroup?: SessionMetricsGroupResolvers<ContextType>;
  SessionSeries?: SessionSeriesResolvers<ContextType>;
  StoredPlace?: StoredPlaceResolvers<ContextType>;
  Trend?: TrendResolvers<ContextType>;
  TrendLine?: TrendLineResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
  UserSummary?: UserSummaryResolvers<ContextType>;
}>;

export type DirectiveResolvers<ContextType = GraphqlContext> = ResolversObject<{
  cost?: CostDirectiveResolver<any, any, ContextType>;
  listSize?: ListSizeDirectiveResolver<any, any, ContextType>;
}>;
