/** An IANA time zone that this platform knows (`Europe/Berlin`, `UTC`); offsets like `+02:00` are none: they know no DST. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The shape of an e-mail address as people have them: something, one `@`, a host with a dot; at most 254 characters
 * (RFC 5321). Whether it takes mail only mail can tell.
 */
export function isEmail(text: string): boolean {
  if (text.length > 254) return false;
  return /^[^\s@,;<>()[\]"\\]{1,64}@[^\s@,;<>()[\]"\\.]+(\.[^\s@,;<>()[\]"\\.]+)+$/.test(text);
}

/** The form in which addresses are compared. */
export function emailKey(email: string): string {
  return email.trim().toLowerCase();
}

/** An origin as browsers send it: scheme, host, port when not the scheme's own; no path. */
export function isOrigin(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  return new URL(text).origin === text.toLowerCase();
}
