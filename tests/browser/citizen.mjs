// A citizen's answers to the form of the public domain, for a skip in Valbrune.
import assert from 'node:assert/strict';
import { heading } from './harness.mjs';

export const CITIZEN = 'jeanne.marchand@exemple.fr';

export const next = page => page.getByRole('button', { name: 'Continuer', exact: true }).click();
const choose = (page, question, option) => page.getByRole('group', { name: question }).getByLabel(option, { exact: true }).check();

async function day(page, question, date) {
  const group = page.getByRole('group', { name: question });
  await group.getByLabel('Jour').fill(String(date.getDate()));
  await group.getByLabel('Mois').fill(String(date.getMonth() + 1));
  await group.getByLabel('Année').fill(String(date.getFullYear()));
}

async function address(page, question) {
  const group = page.getByRole('group', { name: question });
  await group.getByLabel('Numéro et rue').fill('12 rue des Tilleuls');
  await group.getByLabel('Code postal').fill('38100');
  await group.getByLabel('Commune').fill('Valbrune');
}

/** Nothing answered first: the mistakes are said once above and beside each question, and lead to it. */
export async function sayWhoAsks(page, seen, script) {
  await next(page);
  await page.getByRole('heading', { name: /^Il y a / }).waitFor();
  assert.match(await page.title(), /^Erreur : /);
  if (script) assert.ok(await page.locator('.summary').evaluate(summary => summary === document.activeElement), 'focus');
  await seen('demandeur, with mistakes');
  for (const link of await page.locator('.summary a').all()) {
    const target = await link.getAttribute('href');
    assert.equal(await page.locator(`[id="${target.slice(1)}"]`).count(), 1, `${target} leads to one element`);
  }
  await page.locator('.summary a').first().click();
  await choose(page, 'Vous faites cette demande pour', 'Un particulier');
  await page.getByLabel('Prénom').fill('Jeanne');
  await page.getByLabel('Nom', { exact: true }).fill('Marchand');
  await address(page, 'Adresse postale');
  await page.getByLabel('Adresse électronique').fill(CITIZEN);
  await page.getByLabel('Téléphone').fill('06 12 34 56 78');
  await choose(page, 'Quelqu’un d’autre paie', 'Non');
  await next(page);
}

export async function sayWhere(page, seen) {
  await heading(page, 'Où se trouve l’occupation');
  await seen('lieu');
  await address(page, 'Adresse de l’occupation');
  await page.getByLabel('Emplacement exact').fill('Devant le n° 12, côté pair');
  await next(page);
}

/** The questions follow the nature: at once with scripts, after the button without. */
export async function sayWhat(page, seen, script) {
  await heading(page, 'Ce que vous installez, et quand');
  await seen('occupation, empty');
  await choose(page, 'Ce que vous installez', 'Une benne');
  if (!script) await next(page);
  await page.getByLabel('Nombre de bennes').waitFor();
  const first = new Date(Date.now() + 45 * 86_400_000);
  const last = new Date(first.getTime() + 2 * 86_400_000);
  await day(page, 'Premier jour', first);
  await day(page, 'Dernier jour', last);
  await page.getByLabel('Longueur le long de la voie').fill('4,5');
  await page.getByLabel('Largeur depuis la façade').fill('2');
  await page.getByLabel('Places de stationnement occupées').fill('2');
  await page.getByLabel('Nombre de bennes').fill('1');
  await page.getByLabel('Entreprise qui installe').fill('Bennes du Val');
  await page.getByLabel('Téléphone d’astreinte').fill('06 98 76 54 32');
  await choose(page, 'Des travaux touchent la façade', 'Non');
  if (script) await page.locator('#estimation .estimate').first().waitFor();
  await seen('occupation');
  await next(page);
}
