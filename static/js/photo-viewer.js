// The pictures of one gallery, large: open(gallery, link) begins with that of the link.
// Swiping is the browser's own scrolling; arrow keys and buttons scroll too; Escape closes.

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

function slide(link) {
  const small = link.querySelector("img");
  const [width, height] = link.dataset.size.split(" ");
  const picture = make("img", { loading: "lazy", decoding: "async", width, height, alt: small.alt });
  picture.sizes = "100vw";
  picture.srcset = link.dataset.srcset;
  picture.src = link.href;
  const figure = make("figure", { className: "viewer__slide" }, picture);
  const caption = link.parentElement.querySelector("figcaption");
  if (caption) figure.append(caption.cloneNode(true));
  return figure;
}

export function open(gallery, link) {
  const links = [...gallery.querySelectorAll(".gallery__link")];
  const words = gallery.dataset;
  const strip = make("div", { className: "viewer__strip", tabIndex: 0 }, ...links.map(slide));
  const place = make("p", { className: "viewer__place" });
  place.setAttribute("role", "status");
  const button = (name, label, act) => {
    const made = make("button", { type: "button", className: `viewer__${name}`, onclick: act });
    made.setAttribute("aria-label", label);
    return made;
  };
  const previous = button("previous", words.previous, () => show(current - 1));
  const next = button("next", words.next, () => show(current + 1));
  const close = button("close", words.close, () => viewer.close());
  const viewer = make("dialog", { className: "viewer" }, strip, previous, next, place, close);
  viewer.setAttribute("aria-label", gallery.getAttribute("aria-label"));
  let current = -1;

  const tell = (number) => {
    if (number === current) return;
    current = number;
    place.textContent = `${number + 1}/${links.length}`;
    // Not disabled: the focus would be lost at the last picture.
    previous.setAttribute("aria-disabled", number === 0);
    next.setAttribute("aria-disabled", number === links.length - 1);
  };
  const show = (number, behavior = "smooth") => {
    if (!links[number]) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    strip.scrollTo({ left: strip.clientWidth * number, behavior: still ? "instant" : behavior });
    tell(number);
  };

  strip.addEventListener("scrollend", () => tell(Math.round(strip.scrollLeft / strip.clientWidth)));
  viewer.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    show(current + step);
  });
  viewer.addEventListener("close", () => {
    viewer.remove();
    document.documentElement.classList.remove("has-viewer");
    links[current].focus(); // where the reader has come to
  });
  const turned = new ResizeObserver(() => strip.scrollTo({ left: strip.clientWidth * current, behavior: "instant" }));

  document.body.append(viewer);
  document.documentElement.classList.add("has-viewer");
  viewer.showModal();
  show(links.indexOf(link), "instant");
  turned.observe(strip);
}
