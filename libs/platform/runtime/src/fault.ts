/** A reason not to start that people can do something about: `message` is one clear sentence. */
export class StartFault extends Error {
  override readonly name = 'StartFault';
}

/** A sentence for an error, or null when it is none that the asked one knows. */
export type Explain = (error: unknown) => string | null;

/** The sentence for faults that any process may meet; null = unknown. */
export function explainFault(error: unknown): string | null {
  if (error instanceof StartFault) return error.message;
  return explainSystem(error);
}

interface SystemError {
  readonly code?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly path?: string;
}

function explainSystem(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, syscall, address = '', port = 0, path = 'the disk' } = error as SystemError;
  if (syscall === 'listen') return explainListen(code, `${address}:${port}`, port);
  if (code === 'ENOSPC') return `There is no space left for ${path}: free some and start again.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `This user may not write to ${path}: change its rights or choose another DATA_DIR.`;
  }
  return null;
}

function explainListen(code: string | undefined, place: string, port: number): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program: stop that or set PORT to another one.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${place} is not an address of this machine: set HOST to 0.0.0.0 or 127.0.0.1.`;
    default:
      return null;
  }
}
