// Installs node_modules where they are not what package-lock.json says, and leaves them alone where they are,
// so that a build after tools/setup.sh needs no network.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const packagesOf = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {});

// Optional packages of other platforms are in the lock and rightly not installed.
function installed() {
  const wanted = packagesOf(join(web, 'package-lock.json'));
  const found = packagesOf(join(web, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { integrity, optional }]) =>
    path === '' || (found[path] ? found[path].integrity === integrity && existsSync(join(web, path)) : optional === true));
}

if (!installed()) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: web, stdio: 'inherit' });
  if (status !== 0 || !installed()) {
    console.error('npm ci failed in web/: run tools/setup.sh where there is a network');
    process.exit(1);
  }
}
