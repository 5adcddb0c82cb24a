import { spawnSync } from 'node:child_process';

/** Checks the messages of all commits of this history against commitlint.config.js; a folder without git has none. */
function main(): number {
  const inside = spawnSync('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], { stdio: 'ignore' });
  if (inside.status !== 0) {
    console.log('No git history here: no commit messages to check.');
    return 0;
  }
  return spawnSync('commitlint', ['--to', 'HEAD'], { stdio: 'inherit' }).status ?? 1;
}

process.exitCode = main();
