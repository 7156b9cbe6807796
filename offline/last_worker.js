// Takes the place of the paper's service worker when the paper is not to be kept on devices any
// more (OFFLINE_READING=no): throws out all that was kept and removes itself.
addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => event.waitUntil(end()));

async function end() {
  for (const name of await caches.keys()) if (name.startsWith("newsroom-")) await caches.delete(name);
  await registration.unregister();
}
