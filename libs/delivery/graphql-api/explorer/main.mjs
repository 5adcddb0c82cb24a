// The explorer page: GraphiQL, and a field for the API token above it. Bundled by build.ts; nothing is loaded from elsewhere.
import './workers.mjs';
import { GraphiQL } from 'graphiql';
import { createElement as h, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './main.css';
import { examples } from './examples.mjs';

const ENDPOINT = '/graphql';
/** In the session only: gone with the tab, and never on disk. */
const TOKEN = 'productgraph.token';
const WHO = '{ me { role organisation { name } project { name } } }';

const state = { token: sessionStorage.getItem(TOKEN) ?? '' };

async function post(body, headers = {}) {
  const authorization = state.token === '' ? {} : { authorization: `Bearer ${state.token}` };
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization, ...headers },
    body: JSON.stringify(body),
  });
  return response.json();
}

const fetcher = ({ query, variables, operationName }, options) =>
  post({ query, variables, operationName }, options?.headers);

async function whoIs(token) {
  if (token === '') return { text: 'Paste an API token (pgt_…) to ask questions.', good: false };
  try {
    const { data, errors } = await post({ query: WHO });
    if (!data?.me) return { text: errors?.[0]?.message ?? 'The server gave no answer.', good: false };
    const { role, organisation, project } = data.me;
    return { text: `${organisation.name} · ${project?.name ?? 'all projects'} · ${role}`, good: true };
  } catch {
    return { text: 'The server cannot be reached.', good: false };
  }
}

function TokenField() {
  const [token, setToken] = useState(state.token);
  const [who, setWho] = useState({ text: '', good: true });
  useEffect(() => {
    let current = true;
    state.token = token.trim();
    sessionStorage.setItem(TOKEN, state.token);
    const timer = setTimeout(() => whoIs(state.token).then((found) => current && setWho(found)), 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [token]);
  return h(
    'header',
    { className: 'bar' },
    h('strong', null, 'ProductGraph'),
    h('label', { htmlFor: 'token' }, 'API token'),
    h('input', {
      id: 'token',
      type: 'password',
      value: token,
      placeholder: 'pgt_…',
      autoComplete: 'off',
      spellCheck: false,
      onChange: (event) => setToken(event.target.value),
    }),
    h('output', { htmlFor: 'token', className: who.good ? 'good' : 'bad' }, who.text),
  );
}

function Explorer() {
  return h(
    'div',
    { className: 'page' },
    h(TokenField),
    h(
      GraphiQL,
      { fetcher, defaultTabs: examples.map((query) => ({ query })), defaultEditorToolsVisibility: false },
      h(GraphiQL.Logo, null, 'Explorer'),
    ),
  );
}

createRoot(document.getElementById('explorer')).render(h(Explorer));
