// <details data-panel>: one open at a time; Escape or a click elsewhere closes it.
const panels = [...document.querySelectorAll("details[data-panel]")];

document.addEventListener("click", ({ target }) => {
  for (const panel of panels) if (panel.open && !panel.contains(target)) panel.open = false;
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const panel of panels.filter((one) => one.open)) {
    panel.open = false;
    panel.querySelector("summary").focus();
  }
});
