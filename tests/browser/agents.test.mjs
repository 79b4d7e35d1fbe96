// What agents live beside the line: a second factor, documents in sight, documents asked for, two at once, a batch.
import assert from 'node:assert/strict';
import { cpSync, appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileQuietly } from './citizen.mjs';
import { codeOf, heading, inspect, openBrowser, pdf, person, png, root, signIn, startDemo, until } from './harness.mjs';

const INSTRUCTS = 'instructrice@valbrune.example';

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

async function open(page, { id, number }) {
  await page.goto(demo.at('valbrune', `/agents/dossiers/${id}`));
  await heading(page, new RegExp(number));
}

/** From the dossier to an act that waits for its signature. */
async function propose(page, filed) {
  await open(page, filed);
  await page.getByRole('button', { name: 'Commencer l’instruction' }).click();
  await page.getByRole('link', { name: 'Préparer l’arrêté' }).click();
  await page.getByRole('button', { name: 'Préparer l’arrêté' }).click();
  await heading(page, new RegExp(filed.number));
}

const PERSON = { email: 'claire.vidal@valbrune.example', password: 'une phrase pour travailler' };

/** A person, not an account of the demonstration: she needs a second factor. */
function engage() {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-town-'));
  try {
    cpSync(join(root, 'tenants/valbrune'), folder, { recursive: true });
    appendFileSync(join(folder, 'tenant.toml'), `\n[[grants]]\nemail = "${PERSON.email}"\nrole = "instructeur"\nservices = ["voirie"]\n`);
    const names = ['--given-name', 'Claire', '--family-name', 'Vidal', '--siret', '21990101400015'];
    demo.command(['agent', 'create', '--email', PERSON.email, ...names], `${PERSON.password}\n`);
    demo.command(['tenant', 'apply', folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('an agent enrols her second factor, then gives a code each time', async () => {
  engage();
  const page = await person(browser);
  const enter = async () => {
    await page.goto(demo.at('valbrune', '/agents/'));
    await page.getByLabel('Adresse électronique professionnelle').fill(PERSON.email);
    await page.getByLabel('Mot de passe').fill(PERSON.password);
    await page.getByRole('button', { name: 'Continuer' }).click();
  };
  const give = async code => {
    await page.getByLabel('Code à six chiffres').fill(code);
    await page.getByRole('button', { name: 'Se connecter' }).click();
  };
  await enter();
  await heading(page, 'Protéger votre compte');
  assert.equal(await page.getByRole('img', { name: /photographier/ }).count(), 1);
  await inspect(page, 'second factor, enrolment');
  const secret = await page.locator('.key').innerText();
  await give('000000');
  await page.getByRole('heading', { name: /^Il y a / }).waitFor();
  await inspect(page, 'second factor, enrolment, wrong code');
  assert.equal(await page.locator('.key').innerText(), secret, 'the same secret');
  await give(codeOf(secret));
  await heading(page, 'Dossiers');
  await page.getByRole('button', { name: /^Se déconnecter/ }).click();
  await heading(page, 'Espace des agents');
  await enter();
  await heading(page, 'Confirmer que c’est vous');
  await inspect(page, 'second factor, code');
  // A code serves once: the next one, a little early.
  await give(codeOf(secret, 1));
  await heading(page, 'Dossiers');
  await page.getByRole('link', { name: 'Claire Vidal' }).click();
  await heading(page, 'Mon compte d’agent');
  await inspect(page, 'agent’s own page');
});

test('an agent sees an image and a page of a PDF without opening them', async () => {
  const citizen = await person(browser);
  const filed = await fileQuietly(citizen, demo, {
    pieces: [
      { field: 'autres_pieces', name: 'photo.png', type: 'image/png', content: png },
      { field: 'autres_pieces', name: 'plan.pdf', type: 'application/pdf', content: pdf },
    ],
  });
  const page = await person(browser);
  await signIn(demo, page, INSTRUCTS);
  await open(page, filed);
  const images = page.locator('.previews img');
  assert.equal(await images.count(), 2);
  for (const image of await images.all()) {
    await image.scrollIntoViewIfNeeded();
    await until('the image is shown', () => image.evaluate(shown => shown.complete && shown.naturalWidth > 0));
  }
  await inspect(page, 'dossier with previews');
  const kept = await images.last().evaluate(async shown => (await fetch(shown.src)).headers.get('cache-control'));
  assert.match(kept, /^private, .*immutable$/);
  await page.getByRole('link', { name: /Aperçu de plan.pdf/ }).click();
  await page.waitForURL(/apercu\/0$/);
});

for (const script of [true, false]) {
  test(`documents are asked for, joined and sent ${script ? 'with' : 'without'} scripts`, async () => {
    const citizen = await person(browser, { script });
    const quiet = script ? citizen : await person(browser);
    const filed = await fileQuietly(quiet, demo);
    const page = await person(browser, { script });
    await signIn(demo, page, INSTRUCTS);
    await open(page, filed);
    await page.getByRole('link', { name: 'Demander des documents' }).click();
    await page.getByRole('button', { name: 'Demander des documents' }).click();
    await page.getByRole('heading', { name: /^Il y a / }).waitFor();
    await inspect(page, 'ask for documents, mistakes');
    await page.getByLabel('Autre document').check();
    await page.getByLabel('Pourquoi').fill('La rue est étroite : joignez une photo du camion.');
    await page.getByRole('group', { name: /ne peut pas continuer/ }).getByLabel('Oui').check();
    await page.getByRole('button', { name: 'Demander des documents' }).click();
    await heading(page, new RegExp(filed.number));
    await page.getByRole('heading', { name: 'Pièces demandées' }).waitFor();
    await inspect(page, 'dossier, documents asked for');

    await citizen.goto(demo.at('valbrune', '/suivi'));
    await citizen.getByLabel('Numéro de dossier').fill(filed.number);
    await citizen.getByLabel('Code de suivi').fill(filed.code);
    await citizen.getByRole('button', { name: 'Voir le dossier' }).click();
    await citizen.getByText('Des éléments vous sont demandés').waitFor();
    await inspect(citizen, 'follow, documents asked for');
    await citizen.getByRole('link', { name: 'Compléter mon dossier' }).click();
    await heading(citizen, 'Compléter votre dossier');
    await inspect(citizen, 'complete');
    await citizen.getByRole('button', { name: 'Envoyer au service' }).last().click();
    await citizen.getByRole('heading', { name: /^Il y a / }).waitFor();
    await inspect(citizen, 'complete, nothing joined');
    await citizen.locator('input[type=file]').setInputFiles({ name: 'camion.png', mimeType: 'image/png', buffer: png });
    await citizen.getByRole('button', { name: /^Ajouter ce fichier/ }).click();
    await citizen.getByText('camion.png').first().waitFor();
    await inspect(citizen, 'complete, a file joined');
    await citizen.getByRole('button', { name: 'Envoyer au service' }).last().click();
    await citizen.getByText('Vos éléments sont envoyés').waitFor();
    await inspect(citizen, 'follow, completed');
    await citizen.getByRole('button', { name: 'Envoyer le message' }).click();
    await citizen.getByRole('heading', { name: /^Il y a / }).waitFor();
    await inspect(citizen, 'follow, empty message');
    await citizen.getByLabel('Votre message').fill('Le camion fait 3,5 tonnes.');
    await citizen.getByRole('button', { name: 'Envoyer le message' }).click();
    await citizen.getByText('Votre message est envoyé').waitFor();
    await page.reload();
    await page.getByText('Le camion fait 3,5 tonnes.').waitFor();
    await inspect(page, 'dossier, completed');
    await citizen.getByRole('link', { name: 'Retirer ma demande' }).click();
    await heading(citizen, 'Retirer votre demande');
    await inspect(citizen, 'withdraw');
    await citizen.getByRole('button', { name: 'Retirer ma demande' }).click();
    await citizen.getByText('Votre demande est retirée').waitFor();
    await inspect(citizen, 'follow, withdrawn');
  });
}

test('two agents on the same dossier: the second is told, and loses nothing', async () => {
  const filed = await fileQuietly(await person(browser), demo);
  const [first, second] = [await person(browser), await person(browser)];
  for (const page of [first, second]) await signIn(demo, page, INSTRUCTS);
  await open(first, filed);
  await first.getByRole('button', { name: 'Commencer l’instruction' }).click();
  await open(second, filed);
  await second.getByRole('link', { name: 'Préparer l’arrêté' }).click();
  await second.getByLabel('Prescriptions particulières').fill('Laisser passer les secours.');
  // The first corrects meanwhile: the form still stands, on another state of the dossier.
  await first.getByRole('link', { name: /Corriger : Où se trouve/ }).click();
  await inspect(first, 'correct');
  await first.getByLabel('Emplacement exact').fill('Devant le n° 14');
  await first.getByRole('button', { name: /Corriger/ }).click();
  await heading(first, new RegExp(filed.number));
  await second.getByRole('button', { name: 'Préparer l’arrêté' }).click();
  await second.getByText('Ce dossier vient de changer').waitFor();
  await inspect(second, 'prepare, overtaken');
  assert.equal(await second.getByLabel('Prescriptions particulières').inputValue(), 'Laisser passer les secours.');
  await second.getByRole('button', { name: 'Préparer l’arrêté' }).click();
  await second.getByText('Projet d’arrêté à signer').first().waitFor();

  // A form that is no longer asked: its text stands on the dossier.
  await open(first, filed);
  await first.getByRole('link', { name: 'Préparer un refus' }).click();
  await first.getByLabel('Motifs en droit').fill('Le règlement de voirie, article 4.');
  await first.getByLabel('Motifs en fait').fill('Un marché occupe la rue ce jour.');
  const signs = await person(browser);
  await signIn(demo, signs, 'signataire@valbrune.example');
  await open(signs, filed);
  await signs.getByRole('button', { name: 'Signer l’arrêté' }).click();
  await signs.getByText('Signée et notifiée').first().waitFor();
  await signs.getByText('Plus attendu').first().waitFor();
  await first.getByRole('button', { name: 'Préparer un refus' }).click();
  await first.getByText('Ce n’est pas fait').waitFor();
  await first.getByText('Un marché occupe la rue ce jour.').waitFor();
  await inspect(first, 'dossier, overtaken');
});

test('an agent whose session has ended finds again what she wrote', async () => {
  const filed = await fileQuietly(await person(browser), demo);
  const page = await person(browser);
  await signIn(demo, page, INSTRUCTS);
  await open(page, filed);
  await page.context().clearCookies({ name: 'agent' });
  await page.getByLabel(/^Écrire à/).fill('Bonjour, votre dossier est complet.');
  await page.getByRole('button', { name: 'Envoyer le message' }).click();
  await heading(page, 'Reconnectez-vous pour enregistrer');
  await inspect(page, 'agents, session ended');
  const tab = await page.context().newPage();
  await signIn(demo, tab, INSTRUCTS);
  await page.getByRole('button', { name: 'Enregistrer et continuer' }).click();
  await heading(page, 'Confirmez l’enregistrement');
  await inspect(page, 'agents, session found again');
  await page.getByRole('button', { name: 'Enregistrer et continuer' }).click();
  await heading(page, new RegExp(filed.number));
  await page.getByText('Bonjour, votre dossier est complet.').waitFor();
});

test('several acts are signed at once, and opinions are given', async () => {
  const citizen = await person(browser);
  const filed = [await fileQuietly(citizen, demo), await fileQuietly(citizen, demo, { name: 'Anticonstitutionnellement'.repeat(3) })];
  const page = await person(browser);
  await signIn(demo, page, INSTRUCTS);
  await propose(page, filed[0]);
  await propose(page, filed[1]);
  await page.goto(demo.at('valbrune', '/agents/taches'));
  await inspect(page, 'tasks');
  await page.getByRole('link', { name: filed[1].number }).first().click();
  const opinion = page.locator('#taches ~ ul details').first();
  await opinion.locator('summary').click();
  await opinion.getByLabel('Avis défavorable').check();
  await opinion.getByRole('button').click();
  await page.getByText('Indiquez les raisons de votre avis.').waitFor();
  await inspect(page, 'dossier, opinion without reasons');
  assert.ok(await page.getByLabel('Avis défavorable').first().isChecked(), 'the choice is kept');

  const signs = await person(browser);
  await signIn(demo, signs, 'signataire@valbrune.example');
  await signs.getByRole('link', { name: /^Projet d’arrêté à signer/ }).click();
  await inspect(signs, 'inbox, to sign');
  for (const { number } of filed) await signs.getByLabel(`Choisir le dossier ${number}`).check();
  await signs.getByRole('button', { name: /^Signer l’arrêté/ }).click();
  await heading(signs, '2 sur 2 dossiers traités');
  await inspect(signs, 'signed in a batch');
});

test('whoever has no dossier is told so, and can leave', async () => {
  const page = await person(browser);
  await page.goto(demo.at('valbrune', '/agents/'));
  await page.getByLabel('Adresse électronique professionnelle').fill('admin@valbrune.example');
  await page.getByLabel('Mot de passe').fill(demo.password('admin@valbrune.example'));
  await page.getByRole('button', { name: 'Continuer' }).click();
  await heading(page, 'Aucun dossier ne vous est ouvert');
  await inspect(page, 'agents, no dossier');
  await page.getByRole('button', { name: /^Se déconnecter/ }).click();
  await heading(page, 'Espace des agents');
});

test('the agents’ pages are accessible while nothing is there', async () => {
  const page = await person(browser, { dark: true });
  await signIn(demo, page, 'responsable@valbrune.example', name => inspect(page, name));
  for (const path of ['/agents/', '/agents/?etat=termines', '/agents/?q=introuvable', '/agents/taches', '/agents/envois']) {
    await page.goto(demo.at('valbrune', path));
    await inspect(page, `agents ${path}`);
  }
  const desk = await person(browser);
  await signIn(demo, desk, 'accueil@valbrune.example');
  await desk.goto(demo.at('valbrune', '/agents/deposer'));
  await inspect(desk, 'agents, deposit');
});
