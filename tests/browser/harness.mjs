// The real program and a real browser: what every browser test starts from.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.PARVIS_BIN ?? join(root, 'target/debug/parvis');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** `parvis demo` on a folder of its own and a free port. */
export async function startDemo() {
  const data = mkdtempSync(join(tmpdir(), 'parvis-browser-'));
  const child = spawn(program, ['demo', '--data', data, '--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = [];
  child.stderr.on('data', chunk => errors.push(chunk));
  const lines = [];
  const port = await new Promise((done, failed) => {
    child.once('exit', code => failed(new Error(`the demonstration stopped (${code}):\n${Buffer.concat(errors)}`)));
    createInterface({ input: child.stdout }).on('line', line => {
      lines.push(line);
      const found = line.match(/http:\/\/valbrune\.localhost:(\d+)\//);
      if (found) done(Number(found[1]));
    });
  });
  return {
    port,
    at: (host, path = '/') => `http://${host}.localhost:${port}${path}`,
    /** Password of a demonstration account, as the program printed it. */
    password(email) {
      const line = lines.find(line => line.includes(email));
      assert.ok(line, `no account ${email} in:\n${lines.join('\n')}`);
      return line.split(' / ').at(-1).trim();
    },
    /** A command of the program on this demonstration's folder. */
    command(words, input = '') {
      const done = spawnSync(program, [...words, '--demo', data], { cwd: root, input, encoding: 'utf8' });
      assert.equal(done.status, 0, `parvis ${words.join(' ')}: ${done.stderr}`);
      return done.stdout;
    },
    /** Mails that left, oldest first. */
    mails() {
      const folder = join(data, 'mails');
      if (!existsSync(folder)) return [];
      return readdirSync(folder).filter(name => name.endsWith('.json')).sort()
        .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')));
    },
    async stop() {
      child.removeAllListeners('exit');
      const ended = new Promise(done => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A browser with an empty profile, that asks nothing of any other machine. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** A person: her own cookies, a screen of her size, with or without scripts. Notes whatever leaves the town's host. */
export async function person(browser, { script = true, width = 1280, dark = false } = {}) {
  const context = await browser.newContext({
    javaScriptEnabled: script, viewport: { width, height: 900 }, locale: 'fr-FR', colorScheme: dark ? 'dark' : 'light',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.scheme = dark ? 'dark' : 'light';
  page.foreign = [];
  page.complaints = [];
  page.on('request', request => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !hostname.endsWith('.localhost')) page.foreign.push(request.url());
  });
  page.on('console', message => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) page.complaints.push(message.text()); });
  page.on('pageerror', error => page.complaints.push(String(error)));
  return page;
}

/**
 * What holds on every page: no axe violation (WCAG 2.2 A and AA, RGAA, good practice), one h1, a language, a title, no
 * horizontal scroll at 320 px nor with a text twice as big, nothing asked of another host, no complaint of the browser.
 */
export async function inspect(page, name) {
  const size = page.viewportSize();
  const context = page.context();
  const scripted = await context.browser().newContext({
    viewport: size, locale: 'fr-FR', colorScheme: page.scheme, storageState: await context.storageState(),
  });
  try {
    // Axe needs scripts: the page as rendered is opened again beside, so that pages without script are checked too.
    const html = await page.content();
    const copy = await scripted.newPage();
    const url = page.url();
    await copy.route('**/*', route => (route.request().url() === url
      ? route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }) : route.continue()));
    await copy.goto(url);
    const found = await copy.evaluate(`${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'RGAAv4'] })`);
    const violations = found.violations.map(v => `${v.id}: ${v.help}\n    ${v.nodes.map(n => n.html).slice(0, 3).join('\n    ')}`);
    assert.deepEqual(violations, [], `${name}: axe`);
    const facts = await copy.evaluate(() => ({
      h1: document.querySelectorAll('h1').length, lang: document.documentElement.lang, title: document.title,
      mains: document.querySelectorAll('main').length,
    }));
    assert.equal(facts.h1, 1, `${name}: one h1`);
    assert.equal(facts.lang, 'fr', `${name}: language`);
    assert.equal(facts.mains, 1, `${name}: one main`);
    assert.ok(facts.title.length > 3, `${name}: title`);
    for (const [width, text] of [[320, '100%'], [640, '200%']]) {
      await copy.setViewportSize({ width, height: 640 });
      const wide = await copy.evaluate(size => {
        document.documentElement.style.fontSize = size;
        const seen = document.documentElement.clientWidth;
        const beyond = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > seen + 1);
        return { over: document.documentElement.scrollWidth - seen, beyond: beyond.slice(0, 3).map(e => e.outerHTML.slice(0, 90)) };
      }, text);
      assert.ok(wide.over <= 0, `${name}: ${wide.over} px too wide at ${width} px, text ${text}: ${wide.beyond.join(' | ')}`);
    }
  } finally {
    await scripted.close();
  }
  assert.deepEqual(page.foreign, [], `${name}: another host was asked`);
  assert.deepEqual(page.complaints, [], `${name}: the browser complains`);
}

/** Asks again until it is so. */
export async function until(what, isSo, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await isSo()) return;
    await new Promise(done => setTimeout(done, 200));
  }
  assert.fail(`in vain: ${what}`);
}

/** Waits for a page by its title; a page that refuses instead tells why. */
export async function heading(page, name) {
  try {
    await page.getByRole('heading', { level: 1, name }).waitFor();
  } catch {
    const told = await page.locator('.summary, .banner.error, h1').allInnerTexts();
    assert.fail(`no page ${name}, but ${page.url()}: ${told.join(' / ')}`);
  }
}

/** An agent enters the back office with her address and password. */
export async function signIn(demo, page, email, seen = async () => {}) {
  await page.goto(demo.at('valbrune', '/agents/'));
  await seen('agents, sign in');
  await page.getByLabel('Adresse électronique professionnelle').fill(email);
  await page.getByLabel('Mot de passe').fill(demo.password(email));
  await page.getByRole('button', { name: 'Continuer' }).click();
  await heading(page, /^Dossiers/);
}

/** Presses Tab until the focus is on what is looked for; it shows at each step. */
export async function tabTo(page, wanted, steps = 90) {
  const met = [];
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const { name, value, innerText, tagName } = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return { name, value, text: innerText?.trim(), tag: tagName, seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
    });
    assert.ok(focus.seen, `the focus shows on ${JSON.stringify(focus)}`);
    met.push(focus.name || focus.text);
    if (wanted(focus)) return met;
  }
  assert.fail(`never met with the keyboard: ${met.join(', ')}`);
}

/** The code that an authenticator shows (RFC 6238) for a secret in base 32, some steps of thirty seconds later. */
export function codeOf(secret, later = 0) {
  const bits = [...secret.replaceAll(' ', '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(octet => parseInt(octet, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac('sha1', key).update(step).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Waits for a mail that satisfies a predicate; workers send them after the commit. */
export async function mailTo(demo, address, about, tries = 100) {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = demo.mails().map(stored => stored.mail ?? stored).find(mail => mail.to === address && about.test(mail.subject));
    if (found) return found;
    await new Promise(done => setTimeout(done, 100));
  }
  assert.fail(`no mail to ${address} about ${about}: ${demo.mails().map(m => (m.mail ?? m).subject).join(' | ')}`);
}

/** A small real PDF. */
export const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
/** A real PNG of one pixel. */
export const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
