// Opens pages of predictions in a browser, offline, and prints what it measured as JSON.
// Arguments: playwright-core, the browser, a folder for pictures, and then name=page for each page.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [, , playwright, executablePath, folder, ...pages] = process.argv;
const { chromium } = await import(pathToFileURL(playwright).href);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const results = [];
for (const given of pages) {
  const [name, path] = [given.slice(0, given.indexOf('=')), given.slice(given.indexOf('=') + 1)];
  for (const width of [1280, 390]) {
    for (const scheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, offline: true });
      const page = await context.newPage();
      const errors = [], requests = [];
      page.on('console', message => { if (message.type() === 'error') errors.push(message.text()); });
      page.on('pageerror', error => errors.push(String(error)));
      page.on('request', request => { if (!/^(file|data):/.test(request.url())) requests.push(request.url()); });
      const started = Date.now();
      await page.goto(pathToFileURL(path).href);
      const loaded = Date.now() - started;
      await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}-top.png`) });

      // With the wheel, as a reader does, to the end.
      await page.mouse.move(width / 2, 600);
      let position = -1, steps = 0, slowest = 0;
      const scrolling = Date.now();
      while (steps < 2000) {
        const before = Date.now();
        await page.mouse.wheel(0, 2400);
        await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
        slowest = Math.max(slowest, Date.now() - before);
        const now = await page.evaluate(() => window.scrollY);
        if (now === position) break;
        position = now;
        steps++;
        if (steps === 3) await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}-photos.png`) });
      }
      const scrolled = Date.now() - scrolling;
      const found = await page.evaluate(() => {
        const cards = [...document.querySelectorAll('article')], last = cards[cards.length - 1].getBoundingClientRect();
        const shown = [...document.images].filter(image => {
          const box = image.getBoundingClientRect();
          return box.bottom > 0 && box.top < innerHeight;
        });
        return {
          cards: cards.length, atEnd: last.top < innerHeight, overflows: document.documentElement.scrollWidth > innerWidth,
          decoded: shown.every(image => image.complete && image.naturalWidth > 0),
          ground: getComputedStyle(document.body).backgroundColor,
        };
      });

      // The filter, with part of the last card's name.
      const wanted = await page.evaluate(() => [...document.querySelectorAll('article')].pop().dataset.name.slice(0, -5).toUpperCase());
      const typing = Date.now();
      await page.fill('#name-filter', wanted);
      const filtered = await page.evaluate(text => {
        const shown = [...document.querySelectorAll('article')].filter(card => card.checkVisibility());
        return { shown: shown.length, fits: shown.every(card => card.dataset.name.includes(text.toLowerCase())) };
      }, wanted);
      results.push({
        name, width, scheme, loaded, steps, scrolled, slowest, ...found, filter: Date.now() - typing, ...filtered, errors, requests,
      });
      await context.close();
    }
  }
}

await browser.close();
console.log(JSON.stringify(results));
