import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What Playwright switches off: of two such lists the browser reads the last alone, so ours repeats it. */
const OFF_BY_PLAYWRIGHT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];
/** Suggestions below the address bar: a page of the browser's own beside each that a test opens. */
const SUGGESTIONS = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

/** As root it needs `--no-sandbox`; the others keep it from asking the network for anything of its own. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${[...OFF_BY_PLAYWRIGHT, ...SUGGESTIONS].join(",")}`,
];

/**
 * Starts a headless Chromium: the one that CHROMIUM_PATH names, else the system's.
 * @throws where there is none, saying what to install
 */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ARGUMENTS });
}

function findChromium(): string {
  const named = process.env["CHROMIUM_PATH"];
  const candidates = named ? [named] : CANDIDATES;
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `Expected a Chromium at ${candidates.join(" or ")}, got none. ` +
      "Install it (apt-get install chromium), or set CHROMIUM_PATH to where it is.",
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not a program: the next one is tried
  }
}
