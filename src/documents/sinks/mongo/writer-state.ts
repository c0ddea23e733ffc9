/** `degraded`: MongoDB is away. `spilling`: over the mark, the journal has what memory doesn't. `blocked`: the journal itself is full. */
export type WriterState = "connected" | "degraded" | "spilling" | "blocked";

export interface WriterCounters {
  /** Documents written and not yet stored. */
  readonly pending: number;
  /** Events, or other rows, in them. */
  readonly pendingRows: number;
  readonly journalBytes: number;
  readonly stored: number;
  readonly batches: number;
  readonly retries: number;
  /** Documents that MongoDB did not take. */
  readonly refused: number;
  /** Documents of earlier writers, stored by this one. */
  readonly replayed: number;
  /** How often the thread that stores has died and was started anew. */
  readonly restarts: number;
}
