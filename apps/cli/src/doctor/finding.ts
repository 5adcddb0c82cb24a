/** What one check of `doctor` found. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'fault';
  /** One sentence; a fault's says what to do. */
  readonly message: string;
}

export function ok(check: string, message: string): Finding {
  return { check, state: 'ok', message };
}

export function warning(check: string, message: string): Finding {
  return { check, state: 'warning', message };
}

export function fault(check: string, message: string): Finding {
  return { check, state: 'fault', message };
}
