import type { Admin } from 'kafkajs';

/**
 * One connected admin client, made when it is needed. It ends with its first failed call: kafkajs goes on with what it knew of
 * leaders until that is minutes old.
 */
export class AdminSlot {
  readonly #create: () => Admin;
  #admin: Promise<Admin> | null = null;

  constructor(create: () => Admin) {
    this.#create = create;
  }

  async use<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    this.#admin ??= this.#connect();
    const mine = this.#admin;
    try {
      return await work(await mine);
    } catch (error) {
      if (this.#admin === mine) this.#admin = null;
      // It may never have been connected; what it was is of no use any more.
      void mine.then((admin) => admin.disconnect()).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = null;
    await admin?.then((one) => one.disconnect()).catch(() => undefined);
  }

  async #connect(): Promise<Admin> {
    const admin = this.#create();
    await admin.connect();
    return admin;
  }
}
