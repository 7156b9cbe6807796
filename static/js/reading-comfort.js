// <reading-comfort>: size of type, space between lines and colours, kept on this device only.
// Radio buttons named size, spacing or theme set a value; buttons with data-step go one size down
// or up (0: back to usual). core/reading_comfort.py applies what is kept before the first paint.
const SIZES = ["90", "100", "115", "130", "150"];
const USUAL = { size: "100", spacing: "normal", theme: "system" };
const root = document.documentElement;

const current = (name) => root.dataset[name] || USUAL[name];

function choose(name, value) {
  if (value === USUAL[name]) delete root.dataset[name];
  else root.dataset[name] = value;
  try {
    if (value === USUAL[name]) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Without storage the choice holds for this page.
  }
  document.dispatchEvent(new Event("reading-comfort"));
}

class ReadingComfort extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => choose(target.name, target.value));
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-step]");
      if (button) this.step(Number(button.dataset.step));
    });
    document.addEventListener("reading-comfort", () => this.show());
    this.show();
  }

  step(by) {
    const at = SIZES.indexOf(current("size")) + by;
    if (by === 0) choose("size", USUAL.size);
    else if (SIZES[at]) choose("size", SIZES[at]);
  }

  show() {
    const size = current("size");
    for (const input of this.querySelectorAll("input")) input.checked = current(input.name) === input.value;
    for (const button of this.querySelectorAll("[data-step]")) {
      const step = Number(button.dataset.step);
      const spent = step < 0 ? size === SIZES[0] : step > 0 && size === SIZES.at(-1);
      button.setAttribute("aria-disabled", spent);
    }
  }
}

customElements.define("reading-comfort", ReadingComfort);
