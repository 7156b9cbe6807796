// The service worker: keeps what was read and what the reader asked for, and shows it when the
// network does not answer. The network always goes first, so a kept copy is never taken for the
// page as it is now. machines.py puts SETTINGS before this text.
//
// Pages are kept on shelves (caches): "saved" and "day" because the reader asked, "read" and
// "lists" because they were seen, "frame" because they are needed. Each kept page names its files
// (styles, scripts, pictures); those lie in one cache, and sweep() throws out what none names.

const FORMAT = "newsroom-1-"; // things kept in another form are thrown away
const SHELVES = ["saved", "day", "read", "lists", "frame"];
const FILES = `${FORMAT}files`;
const MOST = { read: 50, lists: 12, saved: 200, day: 500 };
const MOST_BYTES = { read: 40e6, lists: 10e6 };
const SLOW_MS = 8000;
const BROKEN = [502, 503, 504];
const GONE = [404, 410];

const ARTICLE = /-\d+\.html$/;
const SOUND = /\.(?:mp3|m4a|ogg|weba)$/;
const PICTURE = /^(.*\/)((?:3x2-)?)(\d+)\.(?:webp|jpg)$/;
const TRACKING = /^(?:utm_|fbclid|gclid|gbraid|wbraid|dclid|msclkid|zarsrc|zalo_|mc_[ce]id|igshid|ttclid|twclid|yclid|_gl)/;
const languages = SETTINGS.editions.map(({ language }) => language).join("|");
const under = (names) => new RegExp(`^(?:/(?:${languages}))?/(?:${names.join("|")})(?:/|$)`);
const PRIVATE = under(SETTINGS.private);
const ONLINE = under(SETTINGS.online);

const open = (shelf) => caches.open(FORMAT + shelf);
const frames = SETTINGS.editions.flatMap(({ kept, saved }) => [kept, saved]);

// The edition an address is of: the one with the longest fitting beginning.
function editionOf(address) {
  const fitting = SETTINGS.editions.filter(({ front }) => address.startsWith(front));
  return fitting.sort((a, b) => b.front.length - a.front.length)[0];
}

// ---- installing ---------------------------------------------------------------------------

addEventListener("install", (event) => {
  // Nothing here depends on an older worker or on how an open page was made, so none need wait.
  skipWaiting();
  event.waitUntil(inTurn(() => keepFrames(SETTINGS.editions[0])));
});

addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  for (const name of await caches.keys()) {
    if (name.startsWith("newsroom-") && !name.startsWith(FORMAT)) await caches.delete(name);
  }
  await registration.navigationPreload?.enable();
  await clients.claim();
  await inTurn(sweep);
}

// The pages that show what is kept. Those of another edition come when it is first read.
async function keepFrames({ kept, saved }) {
  for (const address of [kept, saved]) {
    const response = await fetchPage(address);
    if (!keepable(response)) throw new Error(`${address} cannot be kept: ${response.status}`);
    await keep("frame", address, response, SETTINGS.files);
  }
}

// ---- answering ----------------------------------------------------------------------------

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const address = addressOf(url);
    if (address) answer(event, address);
    else if (!PRIVATE.test(url.pathname)) answerOnline(event, url.pathname);
  } else if (url.pathname.startsWith(SETTINGS.static) || isPicture(url)) {
    event.respondWith(fetch(request).catch(async (error) => (await keptFile(url)) || Promise.reject(error)));
  } else if (isSound(url)) {
    event.respondWith(fetch(request).catch(async (error) => (await keptSound(request, url)) || Promise.reject(error)));
  }
});

// The one name of a page that may be kept, or null.
function addressOf(url) {
  if (url.origin !== location.origin || PRIVATE.test(url.pathname) || ONLINE.test(url.pathname)) return null;
  const asked = url.search.slice(1).split("&").filter((part) => part && !TRACKING.test(part));
  if (!asked.length) return url.pathname;
  return asked.length === 1 && /^trang=\d+$/.test(asked[0]) ? `${url.pathname}?${asked[0]}` : null;
}

function answer(event, address) {
  const network = fromNetwork(event);
  event.waitUntil(network.then(({ copy }) => inTurn(() => note(address, copy))).catch(() => {}));
  event.respondWith(choose(network.then(({ response }) => response), address));
}

// A page that is never kept, such as a search: without a network the list of what is.
function answerOnline(event, path) {
  event.respondWith(fromNetwork(event).then(({ response }) => response, () => keptList(path)));
}

async function fromNetwork(event) {
  // Asked for anew, as the browser does for pages by itself: else fetch() may take an answer from its
  // own cache and look for a newer one afterwards (stale-while-revalidate).
  const response = (await event.preloadResponse) || (await fetch(event.request, { cache: "no-cache" }));
  return { response, copy: response.clone() };
}

// What the network says, or the kept copy where it says nothing, not soon, or that all is broken.
async function choose(network, address) {
  const late = new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  const first = await Promise.race([network.catch(() => null), late]);
  if (first && !BROKEN.includes(first.status)) return first;
  const copy = await keptCopy(address);
  if (copy || first) return copy || first;
  return network.catch(() => keptList(address));
}

// ---- keeping ------------------------------------------------------------------------------

// Changes to what is kept are made one after the other, or sweep() would meet half a page.
let turn = Promise.resolve();
function inTurn(job) {
  const done = turn.then(job);
  turn = done.catch(() => {});
  return done;
}

function keepable(response) {
  const header = (name) => response.headers.get(name) || "";
  const isPublic = /\bpublic\b/.test(header("Cache-Control"));
  return response.status === 200 && !response.redirected && isPublic && header("Content-Type").startsWith("text/html");
}

// What an answer from the network means for the kept copies.
async function note(address, response) {
  if (response.type === "opaqueredirect" || GONE.includes(response.status)) return forget(address);
  if (!keepable(response)) return;
  const text = await response.text();
  const again = () => new Response(text, { headers: response.headers });
  const shelves = [];
  for (const shelf of SHELVES) if (await (await open(shelf)).match(address)) shelves.push(shelf);
  if (!shelves.length) shelves.push(ARTICLE.test(address) ? "read" : "lists");
  for (const shelf of shelves) await keep(shelf, address, again(), shelf === "frame" ? SETTINGS.files : []);
}

// Put a page on a shelf with its files; those a former copy had and the text still has stay.
async function keep(shelf, address, response, files = [], day = "") {
  const text = await response.text();
  const pages = await open(shelf);
  const before = await pages.match(address);
  const still = before ? filesOf(before).filter((file) => text.includes(folderOf(file))) : [];
  const held = await keepFiles([...new Set([...named(text), ...still, ...files])]);
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  headers.set("X-Kept-At", Date.now());
  headers.set("X-Kept-Day", day || before?.headers.get("X-Kept-Day") || "");
  headers.set("X-Kept-Title", encodeURIComponent(meta(text, "og:title")));
  headers.set("X-Kept-Section", encodeURIComponent(meta(text, "article:section")));
  noteFiles(headers, held, new Blob([text]).size);
  await pages.put(address, new Response(text, { headers }));
  await makeRoom(shelf);
  const there = new Set(held.map(([file]) => file));
  return { bytes: Number(headers.get("X-Kept-Bytes")), missing: files.filter((file) => !there.has(file)) };
}

const fetchPage = (address, options) => fetch(address, { cache: "no-cache", credentials: "omit", ...options });

// The page as it is now: the copy that is there, where the server says that it is still right.
async function presentPage(shelf, address) {
  const before = await (await open(shelf)).match(address);
  const tag = before?.headers.get("ETag");
  if (!tag) return fetchPage(address);
  const response = await fetchPage(address, { cache: "no-store", headers: { "If-None-Match": tag } });
  return response.status === 304 ? before : response;
}

// Add the pictures a page has shown to its kept copy, which stays as old as it is.
async function addPictures(address, pictures) {
  const edition = editionOf(address);
  if (!(await (await open("frame")).match(edition.kept))) await keepFrames(edition);
  if (frames.includes(address)) return;
  const shelf = ARTICLE.test(address) ? "read" : "lists";
  const pages = await open(shelf);
  let page = await pages.match(address);
  if (!page) {
    const response = await fetchPage(address);
    if (!keepable(response)) return;
    await keep(shelf, address, response);
    page = await pages.match(address);
  }
  const text = await page.text();
  const shown = pictures.filter((picture) => text.includes(picture));
  const headers = new Headers(page.headers);
  noteFiles(headers, await keepFiles([...new Set([...filesOf(page), ...shown])]), new Blob([text]).size);
  await pages.put(address, new Response(text, { headers }));
  await makeRoom(shelf);
}

// Fetch the files that are not there yet; tells the names and weights of those that are now.
async function keepFiles(wanted) {
  const files = await caches.open(FILES);
  const held = await Promise.all(wanted.map((address) => keepFile(files, address)));
  return held.filter(Boolean);
}

async function keepFile(files, address) {
  const known = await files.match(address);
  if (known) return [address, Number(known.headers.get("X-Kept-Bytes"))];
  const response = await fetch(address).catch(() => null);
  if (response?.status !== 200) return null;
  const content = await response.blob();
  const headers = { "Content-Type": response.headers.get("Content-Type"), "X-Kept-Bytes": content.size };
  await files.put(address, new Response(content, { headers }));
  return [address, content.size];
}

function noteFiles(headers, held, ownBytes) {
  const pictures = held.filter(([address]) => !address.startsWith(SETTINGS.static));
  headers.set("X-Kept-Files", JSON.stringify(held.map(([address]) => address)));
  headers.set("X-Kept-Bytes", ownBytes + pictures.reduce((sum, [, size]) => sum + size, 0));
}

// The styles, scripts and fonts that a page names.
function named(text) {
  return [...text.matchAll(/(?:href|src|data-script)="([^"?#]+\.(?:css|js|woff2|svg))"/g)]
    .map(([, address]) => address)
    .filter((address) => address.startsWith(SETTINGS.static));
}

function meta(text, property) {
  return text.match(new RegExp(`<meta property="${property}" content="([^"]*)"`))?.[1] || "";
}

const filesOf = (page) => JSON.parse(page.headers.get("X-Kept-Files") || "[]");
const folderOf = (file) => file.match(PICTURE)?.[1] || file;
const isPicture = ({ pathname }) => pathname.startsWith(SETTINGS.media) && PICTURE.test(pathname);
const isSound = ({ pathname }) => pathname.startsWith(SETTINGS.media) && SOUND.test(pathname);

// ---- throwing out -------------------------------------------------------------------------

async function forget(address) {
  let found = false;
  for (const shelf of SHELVES) found = (await (await open(shelf)).delete(address)) || found;
  if (found) await sweep();
}

// A shelf holds so many pages and bytes; those kept longest ago go first.
async function makeRoom(shelf) {
  const pages = await listOf(shelf);
  let bytes = pages.reduce((sum, page) => sum + page.bytes, 0);
  let count = pages.length;
  const going = [];
  for (const page of pages.sort((a, b) => a.at - b.at)) {
    if (count <= (MOST[shelf] || Infinity) && bytes <= (MOST_BYTES[shelf] || Infinity)) break;
    going.push(page);
    count -= 1;
    bytes -= page.bytes;
  }
  for (const page of going) await (await open(shelf)).delete(page.address);
  if (going.length) await sweep();
}

async function sweep() {
  const wanted = new Set();
  for (const shelf of SHELVES) {
    for (const page of await (await open(shelf)).matchAll()) filesOf(page).forEach((file) => wanted.add(file));
  }
  const files = await caches.open(FILES);
  for (const { url } of await files.keys()) if (!wanted.has(new URL(url).pathname)) await files.delete(url);
}

async function listOf(shelf) {
  const cache = await open(shelf);
  const pages = [];
  for (const request of await cache.keys()) {
    const page = await cache.match(request);
    const { headers } = page;
    const url = new URL(request.url);
    const word = (name) => decodeURIComponent(headers.get(name) || "");
    pages.push({
      shelf,
      address: url.pathname + url.search,
      title: word("X-Kept-Title"),
      section: word("X-Kept-Section"),
      day: headers.get("X-Kept-Day"),
      at: Number(headers.get("X-Kept-At")),
      bytes: Number(headers.get("X-Kept-Bytes")),
      sounds: filesOf(page).filter((file) => SOUND.test(file)),
    });
  }
  return pages;
}

// ---- showing what is kept -----------------------------------------------------------------

async function newestCopy(address) {
  const at = (page) => Number(page.headers.get("X-Kept-At"));
  const found = await Promise.all(SHELVES.map(async (shelf) => (await open(shelf)).match(address)));
  return found.filter(Boolean).sort((a, b) => at(b) - at(a))[0];
}

// The page with a bar that says of when it is.
async function keptCopy(address) {
  const page = await newestCopy(address);
  if (!page) return null;
  const text = await page.text();
  if (frames.includes(address)) return asPage(text, page, 200);
  return asPage(text.replace(/<header class="site-header|<\/body>/, (begin) => bar(page, text, address) + begin), page, 200);
}

async function keptList(address) {
  const page = (await newestCopy(editionOf(address).kept)) || (await newestCopy(frames[0]));
  return page ? asPage(await page.text(), page, 503) : Response.error();
}

function asPage(text, { headers }, status) {
  headers = new Headers(headers);
  for (const name of [...headers.keys()]) if (name.startsWith("x-kept-")) headers.delete(name);
  headers.set("Cache-Control", "no-store");
  return new Response(text, { status, headers });
}

function bar(page, text, address) {
  const language = text.match(/<html[^>]* lang="([a-z]+)/)?.[1];
  const { words, kept } = SETTINGS.editions.find((one) => one.language === language) || SETTINGS.editions[0];
  const said = [words.reason];
  if (!ARTICLE.test(address)) said.push(words.list);
  return `<aside class="kept-bar" aria-label="${words.label}"><div class="wrap"><p><strong>${
    words.copy.replace("%(time)s", clock(Number(page.headers.get("X-Kept-At"))))
  }.</strong> ${said.join(" ")}</p><p><a href="">${words.again}</a> <a href="${kept}">${words.others}</a></p></div></aside>\n    `;
}

// 09:41 today, 09:41, 23/11/2026 before, in the paper's own time.
function clock(moment) {
  const write = (time) => {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: SETTINGS.zone, hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric",
    }).formatToParts(time);
    const part = (type) => parts.find((one) => one.type === type).value;
    return { time: `${part("hour")}:${part("minute")}`, day: `${part("day")}/${part("month")}/${part("year")}` };
  };
  const { time, day } = write(moment);
  return day === write(Date.now()).day ? time : `${time}, ${day}`;
}

async function keptFile(url) {
  const files = await caches.open(FILES);
  const exact = await files.match(url.pathname);
  const [, folder, shape] = url.pathname.match(PICTURE) || [];
  if (exact || !folder) return exact;
  // Another size of the same picture; another shape of it rather than none.
  const others = (await files.keys()).filter((request) => new URL(request.url).pathname.startsWith(folder));
  const best = others.find((request) => new URL(request.url).pathname.match(PICTURE)[2] === shape) || others[0];
  return best && files.match(best);
}

// Players ask for parts, and go to another place only where they get them.
async function keptSound(request, url) {
  const file = await (await caches.open(FILES)).match(url.pathname);
  if (!file) return null;
  const sound = await file.blob();
  const [, first, last] = request.headers.get("Range")?.match(/^bytes=(\d+)-(\d*)$/) || [];
  if (first === undefined) return new Response(sound, { headers: { "Accept-Ranges": "bytes" } });
  const end = Math.min(last ? Number(last) + 1 : sound.size, sound.size);
  if (Number(first) >= end) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${sound.size}` } });
  const headers = { "Content-Type": sound.type, "Accept-Ranges": "bytes", "Content-Range": `bytes ${first}-${end - 1}/${sound.size}` };
  return new Response(sound.slice(Number(first), end, sound.type), { status: 206, headers });
}

// ---- what pages ask for -------------------------------------------------------------------

// Each message has a port for its answer: {error} or what was asked for.
const JOBS = {
  // This page is being read and shows these pictures.
  read: ({ address, pictures }) => addPictures(address, pictures),
  // The reader wants this page kept.
  async keep({ shelf, address, files, day }) {
    const response = await presentPage(shelf, address).catch(() => null);
    if (!response || BROKEN.includes(response.status)) return { error: "network" };
    if (!keepable(response)) {
      await forget(address);
      return { error: "gone" };
    }
    return keep(shelf, address, response, files, day);
  },
  // The paper no longer has this page.
  forget: ({ address }) => forget(address),
  async drop({ shelf, address }) {
    if (address) await (await open(shelf)).delete(address);
    else await caches.delete(FORMAT + shelf);
    await sweep();
  },
  // Pages of another day, and those no more in this one, go: one day is taken along at a time.
  async only({ day, addresses }) {
    const pages = await open("day");
    for (const page of await listOf("day")) {
      if (page.day !== day || !addresses.includes(page.address)) await pages.delete(page.address);
    }
    await sweep();
  },
  list: async () => ({ pages: (await Promise.all(SHELVES.map(listOf))).flat() }),
};

async function failed(error) {
  await inTurn(sweep); // half a page may lie there
  return { error: error.name === "QuotaExceededError" ? "full" : "failed" };
}

addEventListener("message", (event) => {
  const { job, ...asked } = event.data;
  if (asked.address) asked.address = addressOf(new URL(asked.address, location.origin));
  if (!Object.hasOwn(JOBS, job) || asked.address === null) return;
  const done = inTurn(() => JOBS[job](asked)).then((result) => result || {}, failed);
  event.waitUntil(done.then((result) => event.ports[0]?.postMessage(result)));
});
