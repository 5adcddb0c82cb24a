import type { ImportCounts, ImportSummary } from '@productgraph/delivery-import-client';
import { count, type Result } from '../output.ts';

/** There were lines and not one was an event: most likely the format is another one. */
function hasNothingGood({ accepted, duplicate, unreadable, rejected }: ImportSummary): boolean {
  return accepted + duplicate === 0 && unreadable + rejected > 0;
}

/** What people and `--json` are told. Exit code 1 when no line was an event. */
export function report(label: string, summary: ImportSummary, stored: ImportCounts): Result {
  const { lines, accepted, unreadable, rejected, faults, seconds, duplicate } = summary;
  const quarantined = unreadable + rejected + stored.quarantinedLater;
  const imported = Math.min(stored.stored, accepted);
  const known = accepted - imported - stored.quarantinedLater + duplicate;
  const json = { label, lines, imported, duplicate: known, quarantined, seconds, faults };
  const rate = seconds > 0 ? ` in ${seconds.toFixed(1)} s (${count(Math.round(lines / seconds))} lines/s)` : '';
  const shown = faults.slice(0, 5).map(({ line, code, message }) => `  line ${line}: ${code}: ${message}`);
  const more =
    quarantined > shown.length && shown.length > 0 ? [`  … and ${count(quarantined - shown.length)} more`] : [];
  const isBad = hasNothingGood(summary);
  const text = [
    `${label}: ${count(lines)} lines read${rate}`,
    `  imported     ${count(imported)}`,
    `  duplicate    ${count(known)}`,
    `  quarantined  ${count(quarantined)}`,
    ...shown,
    ...more,
    ...(isBad ? ['No line was an event: is the file of this format?'] : []),
  ];
  return { json, text: `${text.join('\n')}\n`, exitCode: isBad ? 1 : 0 };
}
