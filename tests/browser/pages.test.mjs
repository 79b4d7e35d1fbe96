// The pages beside the line: the account, what the law wants said, what goes wrong, the keyboard, the dark.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sayWhat, sayWhere, sayWhoAsks } from './citizen.mjs';
import { heading, inspect, mailTo, openBrowser, person, signIn, startDemo } from './harness.mjs';

let demo;
let browser;
before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const LEGAL = ['/accessibilite', '/mentions-legales', '/donnees-personnelles', '/cookies', '/modalites', '/plan-du-site'];
const OPEN = ['/', '/demarches', '/demarches?q=piscine', '/demarches/domaine-public', '/suivi', '/compte/connexion',
  '/compte/creer', '/compte/mot-de-passe', '/composants', '/agents/connexion', ...LEGAL];

const linkOf = mail => mail.body.match(/https?:\/\/\S+/)[0];

for (const dark of [false, true]) {
  test(`every open page is accessible ${dark ? 'in the dark' : 'in daylight'}`, async () => {
    const page = await person(browser, { dark });
    for (const path of OPEN) {
      await page.goto(demo.at('valbrune', path));
      await inspect(page, `open ${path}`);
    }
  });
}

test('a page that does not exist says so and gives a way out', async () => {
  const page = await person(browser);
  const answer = await page.goto(demo.at('valbrune', '/nulle-part'));
  assert.equal(answer.status(), 404);
  await inspect(page, '404');
});

test('an account is created, confirmed, left, and entered again with a new password', async () => {
  const page = await person(browser);
  const address = 'paul.garnier@exemple.fr';
  await page.goto(demo.at('valbrune', '/compte/creer'));
  await page.getByRole('button', { name: 'Créer mon compte' }).click();
  await page.getByRole('heading', { name: /^Il y a / }).waitFor();
  await inspect(page, 'account, mistakes');
  await page.getByLabel('Adresse électronique').fill(address);
  await page.getByLabel('Mot de passe').fill('une longue phrase facile');
  await page.getByRole('button', { name: 'Créer mon compte' }).click();
  await heading(page, 'Confirmez votre adresse');
  await inspect(page, 'account, mailed');
  const link = linkOf(await mailTo(demo, address, /./));
  await page.goto(link);
  await inspect(page, 'account, confirm');
  await page.getByLabel('Mot de passe', { exact: true }).fill('une longue phrase facile');
  await page.locator('main form button').first().click();
  await heading(page, 'Mon compte');
  await inspect(page, 'account, home');
  await page.getByRole('button', { name: /^Se déconnecter/ }).click();
  await heading(page, /Vos démarches/);
  await page.goto(demo.at('valbrune', '/compte/mot-de-passe'));
  await page.getByLabel('Adresse électronique').fill(address);
  await page.locator('main form button').first().click();
  const forgotten = linkOf(await mailTo(demo, address, /mot de passe/i));
  await page.goto(forgotten);
  await inspect(page, 'account, new password');
  await page.locator('main input[type=password]').first().fill('une autre phrase bien longue');
  await page.locator('main form button').first().click();
  await page.goto(demo.at('valbrune', '/compte/connexion'));
  if (await page.getByLabel('Mot de passe', { exact: true }).count()) await enter(page, address, 'une autre phrase bien longue');
  await heading(page, 'Mon compte');
});

async function enter(page, address, password) {
  await page.getByLabel('Adresse électronique').fill(address);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.locator('main form button').first().click();
}

test('the agents’ pages are accessible while nothing has come', async () => {
  const page = await person(browser);
  await signIn(demo, page, 'responsable@valbrune.example');
  for (const path of ['/agents/', '/agents/?etat=termines', '/agents/taches', '/agents/envois']) {
    await page.goto(demo.at('valbrune', path));
    await inspect(page, `agents ${path}`);
  }
  const desk = await person(browser);
  await signIn(demo, desk, 'accueil@valbrune.example');
  await desk.goto(demo.at('valbrune', '/agents/deposer'));
  await inspect(desk, 'agents, deposit');
});

test('the keyboard alone goes through a page, and always shows where it is', async () => {
  const page = await started();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Aller au contenu');
  await page.keyboard.press('Enter');
  const expected = ['f.type_demandeur', 'f.prenom', 'f.nom'];
  const met = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const { name, innerText, tagName } = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return { name, text: innerText, tag: tagName, seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
    });
    assert.ok(focus.seen, `the focus shows on ${JSON.stringify(focus)}`);
    met.push(focus.name);
    if (focus.tag === 'BUTTON' && focus.text === 'Continuer') break;
  }
  const order = expected.map(name => met.indexOf(name));
  assert.deepEqual([...order].sort((a, b) => a - b), order, 'in the order of the page');
  assert.ok(order.every(position => position >= 0), `all are met: ${met}`);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Il y a / }).waitFor();
});

test('a file far too big gets a page that says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-big-'));
  const big = join(folder, 'plan.pdf');
  writeFileSync(big, '%PDF-1.4\n');
  truncateSync(big, 300 * 1024 * 1024);
  try {
    const page = await started();
    const seen = async () => {};
    await sayWhoAsks(page, seen, true);
    await sayWhere(page, seen);
    await sayWhat(page, seen, true);
    await heading(page, 'Les documents à joindre');
    await page.getByLabel('Attestation d’assurance').setInputFiles(big);
    const [answer] = await Promise.all([
      page.waitForResponse(response => response.request().method() === 'POST', { timeout: 120_000 }),
      page.getByRole('button', { name: 'Ajouter ce fichier : Attestation d’assurance' }).click({ timeout: 120_000 }),
    ]);
    assert.equal(answer.status(), 413);
    await page.waitForLoadState();
    await inspect(page, '413');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function started() {
  const page = await person(browser);
  await page.goto(demo.at('valbrune', '/demarches/domaine-public'));
  await page.getByRole('button', { name: 'Commencer' }).click();
  await heading(page, 'Qui demande l’autorisation');
  return page;
}
