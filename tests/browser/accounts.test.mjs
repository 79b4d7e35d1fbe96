// A citizen's account, lived in a browser: created, left, entered again, its pages, its sessions, a session lost mid-form.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { next, sayWhoAsks } from './citizen.mjs';
import { heading, inspect, mailTo, openBrowser, person, startDemo } from './harness.mjs';

const PASSWORD = 'une longue phrase facile';
const linkOf = mail => mail.body.match(/https?:\/\/\S+/)[0];

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

async function enter(page, address, password) {
  await page.getByLabel('Adresse électronique').fill(address);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
}

async function create(page, address, seen = async () => {}) {
  await page.goto(demo.at('valbrune', '/compte/creer'));
  await page.getByRole('button', { name: 'Créer mon compte' }).click();
  await page.getByRole('heading', { name: /^Il y a / }).waitFor();
  await seen('account, mistakes');
  await page.getByLabel('Adresse électronique').fill(address);
  await page.getByLabel('Mot de passe').fill(PASSWORD);
  await page.getByRole('button', { name: 'Créer mon compte' }).click();
  await heading(page, 'Confirmez votre adresse');
  await seen('account, mailed');
  await page.goto(linkOf(await mailTo(demo, address, /./)));
  await seen('account, confirm');
  await page.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Confirmer' }).click();
  await heading(page, 'Mon compte');
}

for (const script of [true, false]) {
  test(`an account is created, confirmed, left, and entered again with a new password ${script ? 'with' : 'without'} scripts`, async () => {
    const page = await person(browser, { script });
    const seen = name => inspect(page, name);
    const address = `paul.garnier.${script}@exemple.fr`;
    await create(page, address, seen);
    await seen('account, home');
    await page.getByRole('button', { name: /^Se déconnecter/ }).click();
    await heading(page, /Vos démarches/);
    await page.goto(demo.at('valbrune', '/compte/mot-de-passe'));
    await page.getByLabel('Adresse électronique').fill(address);
    await page.getByRole('button', { name: 'Recevoir un lien' }).click();
    await seen('account, link mailed');
    await page.goto(linkOf(await mailTo(demo, address, /mot de passe/i)));
    await seen('account, new password');
    await page.getByLabel('Nouveau mot de passe').fill('une autre phrase bien longue');
    await page.getByRole('button', { name: 'Enregistrer et me connecter' }).click();
    await heading(page, 'Mon compte');
    await page.getByRole('button', { name: /^Se déconnecter/ }).click();
    await page.goto(demo.at('valbrune', '/compte/connexion'));
    await enter(page, address, PASSWORD);
    await page.getByRole('heading', { name: /^Il y a / }).waitFor();
    await seen('account, wrong password');
    await enter(page, address, 'une autre phrase bien longue');
    await heading(page, 'Mon compte');
  });
}

test('the account’s pages change its name and its password, and close its other sessions', async () => {
  const page = await person(browser);
  const address = 'nora.benali@exemple.fr';
  await create(page, address);
  await page.getByRole('link', { name: /Modifier votre nom/ }).click();
  await heading(page, 'Modifier mon nom');
  await inspect(page, 'account, names');
  await page.getByLabel('Prénom').fill('Nora');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Nora', { exact: true }).first().waitFor();
  await page.getByRole('link', { name: /Modifier votre mot de passe/ }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('heading', { name: /^Il y a / }).waitFor();
  await inspect(page, 'account, password mistakes');

  const elsewhere = await person(browser);
  await elsewhere.goto(demo.at('valbrune', '/compte/connexion'));
  await enter(elsewhere, address, PASSWORD);
  await heading(elsewhere, 'Mon compte');
  await page.goto(demo.at('valbrune', '/compte'));
  await inspect(page, 'account, sessions');
  await page.getByRole('button', { name: /^Fermer la connexion/ }).click();
  await heading(page, 'Mon compte');
  assert.equal(await page.getByRole('button', { name: /^Fermer la connexion/ }).count(), 0);
  await elsewhere.reload();
  await heading(elsewhere, 'Se connecter à votre compte');
});

for (const script of [true, false]) {
  test(`a session lost mid-form loses no answer ${script ? 'with' : 'without'} scripts`, async () => {
    const page = await person(browser, { script });
    const address = `eva.roche.${script}@exemple.fr`;
    await create(page, address);
    await page.goto(demo.at('valbrune', '/demarches/domaine-public'));
    await page.getByRole('button', { name: 'Commencer' }).click();
    await heading(page, 'Qui demande l’autorisation');
    await sayWhoAsks(page, async () => {}, script);
    await heading(page, 'Où se trouve l’occupation');
    await page.context().clearCookies({ name: 'session' });
    await page.getByLabel('Emplacement exact').fill('Devant la fontaine');
    await page.getByLabel('Numéro et rue').fill('12 rue des Tilleuls');
    await page.getByLabel('Code postal').fill('38100');
    await page.getByLabel('Commune').fill('Valbrune');
    await next(page);
    await page.getByText('Vos réponses sont gardées').waitFor();
    await inspect(page, 'sign in, answers kept');
    await enter(page, address, 'ce n’est pas le bon mot');
    await page.getByRole('heading', { name: /^Il y a / }).waitFor();
    await inspect(page, 'sign in, answers kept, wrong password');
    await enter(page, address, PASSWORD);
    await heading(page, 'Ce que vous installez, et quand');
    await page.getByRole('link', { name: 'Retour' }).click();
    assert.equal(await page.getByLabel('Emplacement exact').inputValue(), 'Devant la fontaine');
  });
}
