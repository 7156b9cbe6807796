// <save-later data-address data-headline data-section data-done>: puts an article aside. The list
// is in localStorage and nowhere else; the service worker keeps the pages themselves.
class SaveLater extends HTMLElement {
  // Newest first: {address, headline, section, at}. Null where the browser keeps nothing.
  static read() {
    try {
      const list = JSON.parse(localStorage.getItem("saved") || "[]");
      return Array.isArray(list) ? list.filter((one) => typeof one?.address === "string") : [];
    } catch (error) {
      return error instanceof SyntaxError ? [] : null;
    }
  }

  // False where the browser does not take it.
  static write(list) {
    try {
      localStorage.setItem("saved", JSON.stringify(list));
      return true;
    } catch {
      return false;
    }
  }

  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => {
      this.pressed = true;
      this.change();
    });
    addEventListener("storage", () => this.show());
    addEventListener("pageshow", () => this.show());
    this.show();
  }

  get saved() {
    return (SaveLater.read() || []).some(({ address }) => address === this.dataset.address);
  }

  async change() {
    const { address, headline, section } = this.dataset;
    const others = (SaveLater.read() || []).filter((one) => one.address !== address);
    const saving = !this.saved;
    const taken = SaveLater.write(saving ? [{ address, headline, section, at: Date.now() }, ...others] : others);
    this.show();
    this.querySelector("[role=status]").textContent = taken ? "" : this.dataset.failed;
    if (!taken || !window.keeper) return;
    const files = saving ? await window.keeper.pictures(Infinity) : [];
    window.keeper.ask({ job: saving ? "keep" : "drop", shelf: "saved", address, files });
  }

  show() {
    const { saved } = this;
    this.button.setAttribute("aria-pressed", saved);
    // Only after a press: what comes by itself would move the text.
    this.querySelector("a").hidden = !saved || !this.pressed;
  }
}

customElements.define("save-later", SaveLater);
