/** What Node 24 has and TypeScript's library does not know yet (ECMAScript proposal "JSON.parse source text access"). */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

const exact = JSON as unknown as ExactJson;

/** Only such texts can hold a number whose digits a double does not give back. */
const SUSPICIOUS = /\d{16}|\d[.eE]|-0/;

/**
 * JSON text as a value that is written out again with every number digit by digit as it was: `12345678901234567890`
 * and `1.10` stay what they are.
 * @throws SyntaxError
 */
export function parseExact(text: string): unknown {
  if (!SUSPICIOUS.test(text)) return JSON.parse(text);
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exact.rawJSON(source) : value,
  );
}

/** A JSON number by its digits. */
export function exactNumber(digits: string): unknown {
  return String(Number(digits)) === digits ? Number(digits) : exact.rawJSON(digits);
}
