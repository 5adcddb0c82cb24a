import type { AnswerMeta, PageInfo, Question, QueryEngine } from '@productgraph/domain-query';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aboutProject, questionArbitrary } from './arbitrary-questions.ts';
import { rowsArbitrary } from './arbitrary-rows.ts';
import { AMPLE, findingsOf, type QueryEngineFixture, tenantOf } from './world.ts';

const QUESTIONS = 25;

/**
 * Two engines give the same answers to random questions about random projects; lists page by page, cursors included.
 * @param runs projects; each is asked 25 questions
 */
export function queryEnginesAgree(
  name: string,
  engines: {
    readonly reference: () => Promise<QueryEngineFixture>;
    readonly candidate: () => Promise<QueryEngineFixture>;
  },
  runs = 20,
): void {
  describe(`query engines agree: ${name}`, () => {
    let reference: QueryEngineFixture;
    let candidate: QueryEngineFixture;
    beforeAll(async () => {
      reference = await engines.reference();
      candidate = await engines.candidate();
    });
    afterAll(async () => {
      await reference.close();
      await candidate.close();
    });

    it('on random questions', { timeout: 600_000 }, async () => {
      const questions = fc.array(questionArbitrary, { minLength: QUESTIONS, maxLength: QUESTIONS });
      await fc.assert(
        fc.asyncProperty(rowsArbitrary, questions, async (rows, asked) => {
          const tenant = tenantOf(rows);
          await reference.add(tenant);
          await candidate.add(tenant);
          for (const question of asked) {
            const about = { question: aboutProject(question, tenant.projectId), orgId: tenant.orgId };
            await compare(about, { reference: reference.engine, candidate: candidate.engine });
          }
        }),
        // Making a failure smaller would ask thousands of questions; the message holds the question that failed.
        { numRuns: runs, endOnFailure: true },
      );
    });
  });
}

interface About {
  readonly question: Question;
  readonly orgId: string;
}

async function compare(about: About, engines: { reference: QueryEngine; candidate: QueryEngine }): Promise<void> {
  const options = { orgId: about.orgId, budget: AMPLE };
  for (let question = about.question, pages = 0; pages < 50; pages++) {
    const [expected, found] = await Promise.all([
      engines.reference.run(question, options),
      engines.candidate.run(question, options),
    ]);
    expect({ question, answer: rounded(findingsOf(found)) }).toEqual({
      question,
      answer: rounded(findingsOf(expected)),
    });
    const next = nextPage(question, expected);
    if (next === null) return;
    question = next;
  }
}

function nextPage(question: Question, answer: AnswerMeta & { readonly pageInfo?: PageInfo }): Question | null {
  if (!('page' in question) || answer.pageInfo?.hasNextPage !== true) return null;
  return { ...question, page: { ...question.page, after: answer.pageInfo.endCursor } };
}

/** Numbers to 9 digits, whole ones that a double holds exactly as they are: stores add doubles in an order of their own. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}
