// First questions, as tabs. They work on the sample log of the demo project and name no project: where a token opens
// several, the answer lists their ids. `examples.spec.ts` asks each of them.

const trend = `# Page views and visitors per day
# in the sample log of May 2015.
# Ctrl+Enter asks, Ctrl+Space completes.
query Trend {
  trend(
    input: {
      range: "2015-05-17/2015-05-20"
      interval: day
      series: [
        { event: { type: "page.view" } }
        {
          event: { type: "page.view" }
          measure: uniqueUsers
        }
      ]
    }
  ) {
    buckets
    lines {
      label
      total
      values
    }
    settledUpTo
    tookMs
  }
}
`;

const funnel = `# How many who see the home page go on to a project
# within a day, and how fast? (README's funnel)
query Funnel {
  funnel(
    input: {
      range: "2015-05-17/2015-05-20"
      window: { days: 1 }
      steps: [
        { name: "home", event: {
          type: "page.view"
          filter: { field: "page.path", value: "/" }
        } }
        { name: "project", event: {
          type: "page.view"
          filter: {
            field: "page.path"
            operator: contains
            value: "/projects/"
          }
        } }
      ]
    }
  ) {
    groups {
      steps {
        name
        count
        conversion
        dropped
        medianTimeMs
      }
    }
  }
}
`;

const retention = `# Who comes back on the days after the first visit?
query Retention {
  retention(
    input: {
      range: "2015-05-17/2015-05-20"
      start: { type: "page.view" }
      return: { type: "page.view" }
      interval: day
      periods: 3
    }
  ) {
    cohorts {
      start
      size
      returned
    }
  }
}
`;

const sessions = `# How long are visits, and what were the last ones?
query Sessions {
  sessionMetrics(input: {
    range: "2015-05-17/2015-05-20"
    interval: day
  }) {
    total {
      sessions
      users
      bounceRate
      averageDurationMs
      pagesPerSession
    }
    series {
      buckets
      sessions
      bounceRate
    }
  }
  sessions(
    input: { range: "2015-05-17/2015-05-20" }
    first: 5
  ) {
    edges {
      node {
        start
        durationMs
        pageViews
        entryPath
        exitPath
        referrer
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const lost = `# Where is my event? What was refused, and why?
# With several projects each field takes projectId
# (in the input, or beside id and first).
query WhereIsMyEvent {
  projects {
    id
    name
  }
  event(id: "hello-1") {
    place
    explanation
  }
  quarantine(first: 10) {
    counts {
      code
      count
    }
    edges {
      node {
        receivedAt
        code
        message
        source
        position
        payload
      }
    }
  }
}
`;

export const examples = [trend, funnel, retention, sessions, lost];
