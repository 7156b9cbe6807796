// Tells our own server, once, that this article has been in sight for five seconds; names nobody.
const article = location.pathname.match(/-(\d+)\.html$/)?.[1];
let seconds = 0;

const timer = setInterval(() => {
  if (document.visibilityState !== "visible" || ++seconds < 5) return;
  clearInterval(timer);
  if (article) navigator.sendBeacon(`/doc/${article}`);
}, 1000);
