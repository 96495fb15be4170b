// SPDX-License-Identifier: MIT
// A person at a real browser: opens the URL, clicks Allow or Deny, and reads the page that the login ends on.
import { chromium } from 'playwright-core';

export const OPTIONS = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Nothing but loopback is ever reached, whatever the browser itself would like to fetch.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
};

export async function startBrowser() {
  const browser = await chromium.launch(OPTIONS);
  return {
    stop: () => browser.close(),
    async visit(url, button) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      await page.goto(url);
      await page.click(`#${button}`);
      await page.waitForURL(/\/callback/);
      const text = await page.textContent('body');
      await context.close();
      return text;
    },
  };
}
