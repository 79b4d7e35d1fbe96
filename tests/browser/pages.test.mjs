// The pages beside the line: the account, what the law wants said, what goes wrong, the keyboard, the dark.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sayWhat, sayWhere, sayWhoAsks } from './citizen.mjs';
import { heading, inspect, openBrowser, person, startDemo, tabTo, until } from './harness.mjs';

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

for (const dark of [false, true]) {
  test(`every open page is accessible ${dark ? 'in the dark' : 'in daylight'}`, async () => {
    const page = await person(browser, { dark });
    for (const path of OPEN) {
      await page.goto(demo.at('valbrune', path));
      await inspect(page, `open ${path}`);
    }
  });
}

for (const script of [true, false]) {
  test(`what goes wrong gets a page that says what to do ${script ? 'with' : 'without'} scripts`, async () => {
    const page = await person(browser, { script });
    for (const [name, path, status] of [['404', '/nulle-part', 404], ['405', '/agents/lot', 405], ['dossier of someone else', '/dossiers/0199a8c4-7c00-7000-8000-000000000000', 404]]) {
      const answer = await page.goto(demo.at('valbrune', path));
      assert.equal(answer.status(), status, name);
      await inspect(page, name);
    }
    const nowhere = await page.goto(demo.at('nulle-part'));
    assert.equal(nowhere.status(), 404);
    await inspect(page, 'no town');
    await page.goto(demo.at('mails'));
    await inspect(page, 'mailbox');
    await page.goto(demo.at('valbrune', '/suivi'));
    await page.getByRole('button', { name: 'Voir le dossier' }).click();
    await page.getByRole('heading', { name: /^Il y a / }).waitFor();
    await inspect(page, 'follow, mistakes');
  });
}

test('a form sent from another site changes nothing', async () => {
  const page = await person(browser);
  await page.route('**/piege', route => route.fulfill({
    contentType: 'text/html',
    body: `<form method="post" action="${demo.at('valbrune', '/suivi')}"><input name="numero" value="ODP-2026-000001"><button>Gagner</button></form>`,
  }));
  await page.goto(demo.at('ailleurs', '/piege'));
  const [answer] = await Promise.all([
    page.waitForResponse(response => response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Gagner' }).click(),
  ]);
  assert.equal(answer.status(), 403);
  await heading(page, 'Cette page n’est plus à jour');
  await inspect(page, '403');
});

for (const script of [true, false]) {
  test(`a request is filed with the keyboard alone ${script ? 'with' : 'without'} scripts`, async () => {
    const page = await person(browser, { script });
    const { press, choose, fill, address, day } = keyboard(page);

    await page.goto(demo.at('valbrune', '/demarches/domaine-public'));
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Aller au contenu');
    await page.keyboard.press('Enter');
    await press('Commencer');
    await heading(page, 'Qui demande l’autorisation');
    await press('Continuer');
    await page.getByRole('heading', { name: /^Il y a / }).waitFor();
    await tabTo(page, focus => focus.tag === 'A' && focus.text.startsWith('Choisissez'));
    await page.keyboard.press('Enter');
    await until('the summary leads to its field', () => page.evaluate(() => document.activeElement.name === 'f.type_demandeur'));
    await page.keyboard.press('Space');
    await fill({ 'f.prenom': 'Jeanne', 'f.nom': 'Marchand', ...address('f.adresse'), 'f.courriel': 'jeanne.marchand@exemple.fr', 'f.telephone': '06 12 34 56 78' });
    await choose('f.payeur_autre');
    await press('Continuer');
    await heading(page, 'Qui paie les droits de voirie');
    await choose('f.payeur_type');
    await fill({ 'f.payeur_nom': 'Paul Garnier', ...address('f.payeur_adresse') });
    await press('Continuer');
    await heading(page, 'Où se trouve l’occupation');
    await fill(address('f.adresse_occupation'));
    await press('Continuer');
    await heading(page, 'Ce que vous installez, et quand');
    await choose('f.nature');
    if (!script) await press('Continuer');
    await page.locator('[name="f.places"]').waitFor();
    const first = new Date(Date.now() + 45 * 86_400_000);
    await fill({ ...day('f.date_debut', first), ...day('f.date_fin', first), 'f.longueur': '10', 'f.places': '2' });
    await press('Continuer');
    // Without scripts, a question that follows from the dates comes with the next page.
    if (!script) {
      await page.getByText('Encore une étape sur cette page').waitFor();
      await press('Continuer');
    }
    await heading(page, 'Les documents à joindre');
    await press('Continuer');
    await heading(page, /^Vérifiez vos réponses/);
    await press('Confirmer et déposer');
    await heading(page, 'Votre demande est déposée');
  });
}

/** What a person does with Tab, Space, Enter and letters. */
function keyboard(page) {
  const go = wanted => tabTo(page, wanted);
  const street = { street: '12 rue des Tilleuls', postal_code: '38100', town: 'Valbrune' };
  return {
    press: async text => { await go(focus => focus.tag === 'BUTTON' && focus.text === text); await page.keyboard.press('Enter'); },
    choose: async name => { await go(focus => focus.name === name); await page.keyboard.press('Space'); },
    fill: async answers => {
      for (const [name, text] of Object.entries(answers)) {
        await go(focus => focus.name === name);
        await page.keyboard.type(text);
      }
    },
    address: name => Object.fromEntries(Object.entries(street).map(([part, text]) => [`${name}.${part}`, text])),
    day: (name, date) => ({ [`${name}.day`]: `${date.getDate()}`, [`${name}.month`]: `${date.getMonth() + 1}`, [`${name}.year`]: `${date.getFullYear()}` }),
  };
}

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
