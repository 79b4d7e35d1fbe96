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

/** Answers of a removal, page by page. */
const inDays = days => new Date(Date.now() + days * 86_400_000);
const date = (name, day) => ({ [`f.${name}.day`]: day.getDate(), [`f.${name}.month`]: day.getMonth() + 1, [`f.${name}.year`]: day.getFullYear() });
const ADDRESS = { street: '12 rue des Tilleuls', postal_code: '38100', town: 'Valbrune' };
const at = name => Object.fromEntries(Object.entries(ADDRESS).map(([part, value]) => [`f.${name}.${part}`, value]));

/** Files a removal without showing its pages: what tests of the agents' pages start from. Gives number, code, address. */
export async function fileQuietly(page, demo, { name = 'Marchand', pieces = [] } = {}) {
  const answers = {
    demandeur: { 'f.type_demandeur': 'particulier', 'f.prenom': 'Jeanne', 'f.nom': name, ...at('adresse'), 'f.courriel': CITIZEN, 'f.telephone': '06 12 34 56 78', 'f.payeur_autre': 'non' },
    lieu: at('adresse_occupation'),
    occupation: { 'f.nature': 'demenagement', 'f.longueur': 10, 'f.places': 2, ...date('date_debut', inDays(45)), ...date('date_fin', inDays(47)) },
    pieces: {},
  };
  await page.goto(demo.at('valbrune', '/demarches/domaine-public'));
  const filed = await page.evaluate(fillAll, { answers, pieces: pieces.map(piece => ({ ...piece, content: piece.content.toString('base64') })) });
  assert.match(filed.number ?? '', /^ODP-/, JSON.stringify(filed));
  return { ...filed, id: filed.path.split('/').at(-1) };
}

/** Runs in the page: posts each form as the browser would. */
async function fillAll({ answers, pieces }) {
  const read = async response => ({ path: new URL(response.url).pathname, page: new DOMParser().parseFromString(await response.text(), 'text/html') });
  const token = page => page.querySelector('input[name=_jeton]').value;
  const post = async (path, page, fields) => read(await fetch(path, { method: 'POST', body: new URLSearchParams({ _jeton: token(page), ...fields }) }));
  let at = await post(`${location.pathname}/commencer`, document, {});
  const files = [...pieces];
  for (let turn = 0; turn < 12 && !at.path.endsWith('/verifier'); turn += 1) {
    while (at.path.endsWith('/pieces') && files.length > 0) {
      const { field, name, type, content } = files.shift();
      const body = new FormData();
      body.append('_jeton', token(at.page));
      body.append('fichier', new Blob([Uint8Array.from(atob(content), c => c.charCodeAt(0))], { type }), name);
      at = await read(await fetch(`${at.path}/pieces/${field}`, { method: 'POST', body }));
    }
    at = await post(at.path, at.page, answers[at.path.split('/').at(-1)]);
  }
  at = await post(at.path.replace('verifier', 'deposer'), at.page, {});
  const [number, code] = [...at.page.querySelectorAll('.panel .code')].map(shown => shown.textContent);
  return { number, code, path: at.path.replace('/depot', ''), told: at.page.querySelector('.summary, h1')?.textContent };
}
