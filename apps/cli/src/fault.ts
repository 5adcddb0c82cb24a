/** A reason why a command cannot do its work; the message is one clear sentence. Exit code 1. */
export class CliFault extends Error {
  override readonly name = 'CliFault';
}
