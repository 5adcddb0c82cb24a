/** Where a visit came from, as `context.campaign` says. */
export interface Campaign {
  readonly utmSource: string | null;
  readonly utmMedium: string | null;
  readonly utmCampaign: string | null;
}

export const NO_CAMPAIGN: Campaign = { utmSource: null, utmMedium: null, utmCampaign: null };

/** The first of the keys that holds a text of at most `longest` characters. */
function first(object: Readonly<Record<string, unknown>>, keys: readonly string[], longest: number): string | null {
  for (const key of keys) {
    const value = object[key];
    if (typeof value === 'string' && value !== '' && value.length <= longest) return value;
  }
  return null;
}

/**
 * Reads `context.campaign`: `utm_source`, `utm_medium`, `utm_campaign`, or the short names `source`, `medium`, `name`.
 * @param json its JSON text
 * @param longest characters; longer values stay in `context` only
 */
export function campaignOf(json: string, longest: number): Campaign {
  const value = JSON.parse(json) as unknown;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NO_CAMPAIGN;
  const campaign = value as Readonly<Record<string, unknown>>;
  return {
    utmSource: first(campaign, ['utm_source', 'source'], longest),
    utmMedium: first(campaign, ['utm_medium', 'medium'], longest),
    utmCampaign: first(campaign, ['utm_campaign', 'name'], longest),
  };
}
