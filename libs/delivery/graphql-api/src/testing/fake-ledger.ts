import { uuidv7, type QuarantineEntry } from '@productgraph/contracts';
import {
  emptyLedgerRow,
  type EventTrace,
  type LedgerRange,
  type LedgerRow,
  type LedgerStore,
  type QuarantineFilter,
} from '@productgraph/domain-ledger';

const ENTRY = {
  stage: 'ingest',
  code: 'invalid_type',
  message: 'No such type',
  eventId: 'bad-1',
  payload: '{"event.type":"nope","n":12345678901234567890}',
  position: 0,
  source: 'req-1',
  traceId: null,
} as const;

/** Ledger and quarantine in memory. */
export class FakeLedger implements LedgerStore {
  readonly #now: () => number;
  readonly #rows: LedgerRow[] = [];
  readonly #stored = new Map<string, NonNullable<EventTrace['stored']>>();
  readonly #replayed = new Set<string>();
  readonly #entries: QuarantineEntry[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  addRow(row: Partial<LedgerRow> & Pick<LedgerRow, 'projectId' | 'minute'>): void {
    this.#rows.push({ ...emptyLedgerRow(row.projectId, row.minute), ...row });
  }

  refuse(projectId: string, given: Partial<QuarantineEntry> = {}): QuarantineEntry {
    const id = uuidv7(this.#now() + this.#entries.length);
    const entry = { ...ENTRY, id, projectId, receivedAt: this.#now(), ...given };
    this.#entries.unshift(entry);
    return entry;
  }

  store(projectId: string, eventId: string): void {
    const at = this.#now();
    this.#stored.set(`${projectId} ${eventId}`, { timestamp: at, receivedAt: at, logPartition: 1, logOffset: 9 });
  }

  async rows({ projectId, from, to }: LedgerRange): Promise<LedgerRow[]> {
    return this.#rows.filter((row) => row.projectId === projectId && row.minute >= from && row.minute < to);
  }

  async quarantine({ projectId, code, stage, after, limit }: QuarantineFilter): Promise<QuarantineEntry[]> {
    return this.#open(projectId)
      .filter((entry) => (code === null || entry.code === code) && (stage === null || entry.stage === stage))
      .filter(({ id }) => after === null || id < after)
      .slice(0, limit);
  }

  async quarantineCounts(_orgId: string, projectId: string): Promise<{ code: string; stage: string; count: number }[]> {
    const kinds = Map.groupBy(this.#open(projectId), ({ code, stage }) => `${code} ${stage}`);
    return [...kinds].map(([kind, { length }]) => {
      const [code = '', stage = ''] = kind.split(' ');
      return { code, stage, count: length };
    });
  }

  async replayable(_orgId: string, projectId: string, ids: readonly string[]): Promise<QuarantineEntry[]> {
    return this.#open(projectId).filter(({ id }) => ids.includes(id));
  }

  async markReplayed(_orgId: string, _projectId: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#replayed.add(id);
  }

  async trace(_orgId: string, projectId: string, eventId: string): Promise<EventTrace> {
    return {
      eventId,
      stored: this.#stored.get(`${projectId} ${eventId}`) ?? null,
      quarantined: this.#open(projectId).find((entry) => entry.eventId === eventId) ?? null,
    };
  }

  #open(projectId: string): QuarantineEntry[] {
    return this.#entries.filter((entry) => entry.projectId === projectId && !this.#replayed.has(entry.id));
  }
}
