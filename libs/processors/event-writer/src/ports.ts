/** Facts worth telling. */
export interface EventWriterTelemetry {
  blockWritten(fact: {
    events: number;
    inserted: number;
    duplicates: number;
    refused: number;
    sessions: number;
    quarantined: number;
    milliseconds: number;
  }): void;
}
