// The link of an embed becomes the other site's player at a click; nothing is asked of it before.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".embed__link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  frame.title = link.innerText;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = link.dataset.player;
  link.replaceWith(frame);
  frame.focus();
});
