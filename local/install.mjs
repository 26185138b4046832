// Installs what is missing before a command runs, and is quick when nothing is: npm writes a copy of the lockfile into
// node_modules when it has finished, so the two files tell. Plain JavaScript, because nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Stepladder needs Node 20.19 or later; this is ${process.version}.`);
  process.exit(1);
}

const installed = new URL('../node_modules/.package-lock.json', import.meta.url);
const wanted = new URL('../package-lock.json', import.meta.url);

if (!isInstalled()) {
  console.log('Installing what is missing; this happens once.');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
    cwd: new URL('..', import.meta.url),
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed; its own message above says why. Mend that and run the same command again.');
    process.exit(status ?? 1);
  }
}

function isInstalled() {
  if (!existsSync(installed)) return false;
  // The versions and not the dates: files may be copied, restored or checked out anew.
  const versions = (file) => {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    return Object.entries(packages)
      .filter(([path, { optional }]) => path !== '' && !optional)
      .map(([path, { version }]) => `${path}@${version}`);
  };
  const present = new Set(versions(installed));
  return versions(wanted).every((each) => present.has(each));
}
