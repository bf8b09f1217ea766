// Chromium without a network and with an empty profile, opening pages from the disk.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const web = fileURLToPath(new URL('../../web/', import.meta.url));
const { chromium } = createRequire(join(web, 'package.json'))('playwright-core');

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
               '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

export class Browser {
  // `anyCertificate`: of a test's own server, which nobody vouches for.
  static async start({ offline = true, anyCertificate = false } = {}) {
    const executablePath = process.env.HFTSIM_CHROMIUM || '/usr/bin/chromium';
    if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}: run tools/setup.sh or set HFTSIM_CHROMIUM`);
    const profile = mkdtempSync(join(tmpdir(), 'hftsim-chromium-'));
    const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: flags, offline, ignoreHTTPSErrors: anyCertificate, viewport: { width: 1280, height: 900 } });
    return new Browser(context, profile);
  }

  constructor(context, profile) {
    this.context = context;
    this.profile = profile;
  }

  // A page with its data drawn, and everything it complained about or asked for.
  async open(file, { width = 1280, height = 900, dark = false } = {}) {
    const page = await this.context.newPage();
    const seen = { errors: [], requests: [] };
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) seen.errors.push(message.text()); });
    page.on('pageerror', (error) => seen.errors.push(String(error)));
    page.on('request', (request) => seen.requests.push(request.url()));
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    const url = pathToFileURL(file).href;
    await page.goto(url, { waitUntil: 'load' });
    const foreign = () => seen.requests.filter((request) => request !== url && !request.startsWith('data:'));
    return { page, errors: seen.errors, foreign };
  }

  async stop() {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
