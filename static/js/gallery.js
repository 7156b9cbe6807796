// A picture of a gallery opens in the viewer, which is fetched only then; without it, or when the
// reader asks for a new tab, the link leads to the picture itself.
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".gallery__link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const gallery = link.closest(".gallery");
  try {
    const { open } = await import(gallery.dataset.viewer);
    open(gallery, link);
  } catch {
    location.assign(link.href);
  }
});
