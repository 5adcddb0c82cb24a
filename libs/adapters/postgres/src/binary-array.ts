const OIDS = { bytea: 17, text: 25 } as const;

/**
 * A one-dimensional array in PostgreSQL's binary form (array_recv: dimensions, has-null flag, element type, length, lower
 * bound, then length-prefixed elements). The driver would send arrays as text: for bytes twice the size, written and
 * parsed as hex; for JSON values escaped character by character. The driver passes a Buffer on as a binary parameter.
 */
export function binaryArray(type: keyof typeof OIDS, elements: readonly (Uint8Array | string)[]): Buffer {
  const sizes = elements.map((element) => (typeof element === 'string' ? Buffer.byteLength(element) : element.length));
  const bytes = Buffer.allocUnsafe(20 + sizes.reduce((sum, size) => sum + 4 + size, 0));
  // An empty array has no dimension at all.
  let at = bytes.writeInt32BE(elements.length === 0 ? 0 : 1, 0);
  at = bytes.writeInt32BE(0, at);
  at = bytes.writeInt32BE(OIDS[type], at);
  if (elements.length === 0) return bytes.subarray(0, at);
  at = bytes.writeInt32BE(elements.length, at);
  at = bytes.writeInt32BE(1, at);
  elements.forEach((element, index) => {
    at = bytes.writeInt32BE(sizes[index] ?? 0, at);
    if (typeof element === 'string') bytes.write(element, at, 'utf8');
    else bytes.set(element, at);
    at += sizes[index] ?? 0;
  });
  return bytes;
}
