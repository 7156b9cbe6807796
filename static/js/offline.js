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

// The pictures of this page in the sizes this screen shows: all of an article, for it is kept whole;
// of other pages, or where data is dear, those that have been seen.
async function pictures() {
  const images = [...document.querySelectorAll("main img")];
  const rest = navigator.connection?.saveData ? [] : images.filter((image) => image.closest(".story__body"));
  for (const image of rest) image.loading = "eager";
  await Promise.allSettled(rest.map((image) => image.decode()));
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
