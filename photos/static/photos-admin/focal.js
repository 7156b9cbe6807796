// Sets the focal point of a photo by a click on it. Markup: admin/photos/photo/_focal.html.
// Without script the two number fields do the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector("[data-photo-focal]");
  const inputs = ["id_focal_x", "id_focal_y"].map((id) => document.getElementById(id));
  if (!root || inputs.includes(null)) return;

  const stage = root.querySelector("[data-stage]");
  const picture = stage.querySelector("img");
  const point = root.querySelector("[data-point]");
  const crop = root.querySelector("[data-crop]");
  const cropped = crop.querySelector("img");
  const ratio = 3 / 2;
  const between = (value, low, high) => Math.min(Math.max(value, low), high);

  // Where CSS must put the picture so that it shows the box photos.renditions would cut out.
  function position(focal, whole, box) {
    const rest = whole - box;
    return rest > 0 ? between(focal * whole - box / 2, 0, rest) / rest : 0.5;
  }

  function show() {
    const [x, y] = inputs.map((input) => between(Number(input.value.replace(",", ".")) || 0, 0, 1));
    point.style.left = `${x * 100}%`;
    point.style.top = `${y * 100}%`;
    const width = Number(picture.getAttribute("width"));
    const height = Number(picture.getAttribute("height"));
    const left = position(x, width, Math.min(width, height * ratio));
    const top = position(y, height, Math.min(height, width / ratio));
    cropped.style.objectPosition = `${left * 100}% ${top * 100}%`;
  }

  stage.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const places = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    inputs.forEach((input, index) => {
      input.value = between(places[index], 0, 1).toFixed(3);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    show();
  });
  inputs.forEach((input) => input.addEventListener("input", show));

  root.classList.add("photo-focal--active");
  point.hidden = false;
  crop.hidden = false;
  show();
});
