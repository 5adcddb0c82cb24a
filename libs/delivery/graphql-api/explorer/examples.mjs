// First questions, as tabs. They work on the sample log of the demo project and name no project, because a token opens
// one anyway. `examples.spec.ts` asks each of them.

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

const funnel = `# From the home page to the blog and on to a project,
# within a day.
query Funnel {
  funnel(
    input: {
      range: "2015-05-17/2015-05-20"
      window: { days: 1 }
      steps: [
        { name: "home", event: { filter: {
          field: "page.path", value: "/"
        } } }
        { name: "blog", event: { filter: {
          field: "page.path", operator: regex, value: "^/blog"
        } } }
        { name: "project", event: { filter: {
          field: "page.path", operator: regex, value: "^/projects"
        } } }
      ]
      filter: { field: "event.type", value: "page.view" }
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

export const examples = [trend, funnel, retention, sessions];
