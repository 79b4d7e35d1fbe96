// One request, from the town's home to the signed act, as a citizen and two agents live it: with scripts, then without.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { CITIZEN, next, sayWhat, sayWhere, sayWhoAsks } from './citizen.mjs';
import { heading, inspect, mailTo, openBrowser, pdf, person, signIn, startDemo, until } from './harness.mjs';

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

for (const script of [true, false]) {
  test(`a skip is asked for, instructed, signed and downloaded ${script ? 'with' : 'without'} scripts`, async () => {
    const citizen = await person(browser, { script });
    const seen = name => inspect(citizen, name);
    await findTheDemarche(citizen, seen);
    await sayWhoAsks(citizen, seen, script);
    await sayWhere(citizen, seen);
    await sayWhat(citizen, seen, script);
    await join(citizen, seen);
    await correctFromTheCheck(citizen, seen);
    const { number, code } = await file(citizen, seen);

    const receipt = await mailTo(demo, CITIZEN, new RegExp(number));
    assert.match(receipt.body, new RegExp(number));

    const followed = await follow(await person(browser, { script }), number, code);
    await instruct(await person(browser, { script }), number);
    await sign(await person(browser, { script }), number);
    await download(followed);
  });
}

async function findTheDemarche(page, seen) {
  await page.goto(demo.at('valbrune'));
  await seen('home');
  await page.getByLabel('Que voulez-vous faire ?').fill('benne');
  await page.getByRole('button', { name: 'Rechercher' }).click();
  await seen('search');
  await page.getByRole('link', { name: /Occuper temporairement/ }).click();
  await heading(page, /Occuper temporairement/);
  await seen('démarche');
  await page.getByRole('button', { name: 'Commencer' }).click();
  await heading(page, 'Qui demande l’autorisation');
  await seen('demandeur');
}

async function join(page, seen) {
  await heading(page, 'Les documents à joindre');
  await seen('pieces');
  await page.getByLabel('Attestation d’assurance').setInputFiles({ name: 'attestation.pdf', mimeType: 'application/pdf', buffer: pdf });
  await page.getByRole('button', { name: 'Ajouter ce fichier : Attestation d’assurance' }).click();
  await page.getByRole('link', { name: 'attestation.pdf' }).waitFor();
  await seen('pieces, with a file');
  await next(page);
}

/** A change asked from the check comes back to it. */
async function correctFromTheCheck(page, seen) {
  await heading(page, /^Vérifiez vos réponses/);
  await seen('check');
  await page.getByRole('link', { name: 'Déposer plus tard' }).click();
  await heading(page, 'Continuer plus tard');
  await seen('later');
  await page.getByRole('link', { name: 'Reprendre ma demande' }).click();
  await heading(page, /^Vérifiez vos réponses/);
  await page.getByRole('link', { name: /Modifier : Nombre de bennes/ }).click();
  await heading(page, 'Ce que vous installez, et quand');
  await page.getByLabel('Nombre de bennes').fill('2');
  await next(page);
  await heading(page, /^Vérifiez vos réponses/);
}

async function file(page, seen) {
  await page.getByRole('button', { name: 'Confirmer et déposer' }).click();
  await heading(page, 'Votre demande est déposée');
  await seen('confirmation');
  const [number, code] = await page.locator('.panel .code').allTextContents();
  assert.match(number, /^ODP-\d{4}-\d{6}$/);
  return { number, code };
}

async function follow(page, number, code) {
  await page.goto(demo.at('valbrune', '/suivi'));
  await inspect(page, 'follow, form');
  await page.getByLabel('Numéro de dossier').fill(number);
  await page.getByLabel('Code de suivi').fill(code);
  await page.getByRole('button', { name: 'Voir le dossier' }).click();
  await heading(page, `Dossier ${number}`);
  await inspect(page, 'follow');
  return page;
}

async function openDossier(page, number) {
  await inspect(page, 'inbox');
  await page.getByRole('link', { name: number }).click();
  await heading(page, new RegExp(number));
  await inspect(page, 'dossier, agent');
}

async function instruct(page, number) {
  await signIn(demo, page, 'instructrice@valbrune.example', name => inspect(page, name));
  await openDossier(page, number);
  await page.getByRole('button', { name: 'Commencer l’instruction' }).click();
  await page.getByRole('link', { name: 'Préparer l’arrêté' }).click();
  await heading(page, /Préparer l’arrêté/);
  await inspect(page, 'prepare');
  await page.getByLabel('Prescriptions particulières').fill('Poser la benne sur des cales.');
  await page.getByRole('button', { name: 'Préparer l’arrêté' }).click();
  await heading(page, new RegExp(number));
  await inspect(page, 'dossier, prepared');
}

async function sign(page, number) {
  await signIn(demo, page, 'signataire@valbrune.example');
  await openDossier(page, number);
  await page.getByRole('button', { name: 'Signer l’arrêté' }).click();
  await page.getByText('Signée et notifiée').first().waitFor();
  await inspect(page, 'dossier, signed');
}

async function download(page) {
  const act = page.locator('#documents ~ ul').getByRole('link', { name: /arrêté/i }).first();
  await until('the act is there', async () => { await page.reload(); return act.isVisible(); });
  await inspect(page, 'follow, decided');
  const [file] = await Promise.all([page.waitForEvent('download'), act.click()]);
  assert.match(file.suggestedFilename(), /\.pdf$/);
  assert.equal(readFileSync(await file.path()).subarray(0, 5).toString(), '%PDF-');
}
