// Once the page stands: starts the service worker (offline/worker.js) and tells it what is read.
// Other scripts reach it through window.keeper: null where nothing can be kept.
const link = document.querySelector("link[data-worker]");
const container = link && navigator.serviceWorker;

// Resolves with the worker's answer; asked before there is a worker, it waits for one.
async function ask(question) {
  const { active } = await container.ready;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    active.postMessage(question, [port2]);
  });
}

const AHEAD = 8;

// The pictures of this page in the sizes this screen shows: those that have been seen, and of an
// article the first of the others, for it is kept to be read; where data is dear, none of those.
async function pictures(most = AHEAD) {
  const { saveData, effectiveType = "" } = navigator.connection || {};
  const images = [...document.querySelectorAll("main img")];
  const unseen = images.filter((image) => !image.complete && image.closest(".story__body"));
  const ahead = saveData || effectiveType.includes("2g") ? [] : unseen.slice(0, most);
  for (const image of ahead) image.loading = "eager";
  await Promise.allSettled(ahead.map((image) => image.decode()));
  const seen = images.filter((image) => image.complete && image.currentSrc);
  return seen.map((image) => new URL(image.currentSrc).pathname);
}

async function start() {
  await container.register(link.dataset.worker, { updateViaCache: "all" }).catch(() => {});
  ask({ job: "read", address: location.href, pictures: await pictures() });
}

window.keeper = container ? { ask, pictures } : null;
if (container) {
  if (document.readyState === "complete") start();
  else addEventListener("load", () => setTimeout(start, 500));
}
