// <take-sound data-address data-file>: has the service worker keep the recording of an article on this
// device, with the article itself put aside (save-later.js). It goes when the article is removed.
class TakeSound extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.done = this.querySelector("[data-done]");
    this.later = document.querySelector("save-later");
    this.hidden = !window.keeper;
    if (this.hidden) return;
    this.button.addEventListener("click", () => this.take());
    this.later.querySelector("button").addEventListener("click", () => this.look());
    this.look();
  }

  tell(name) {
    this.querySelector("[role=status]").textContent = name ? this.dataset[name] : "";
  }

  async look() {
    const { pages = [] } = await window.keeper.ask({ job: "list" });
    const kept = pages.some(({ shelf, address, sounds }) => shelf === "saved" && address === this.dataset.address && sounds.includes(this.dataset.file));
    this.button.hidden = kept;
    this.done.hidden = !kept;
  }

  async take() {
    if (this.busy) return;
    this.busy = true;
    this.tell("busy");
    let trouble = "failed";
    try {
      if (!this.later.saved) await this.later.change();
      if (this.later.saved) trouble = await this.keep();
      await this.look();
    } finally {
      this.tell(trouble);
      this.busy = false;
    }
    if (!trouble) this.done.focus();
  }

  async keep() {
    const { address, file } = this.dataset;
    const files = [...(await window.keeper.pictures(Infinity)), file];
    const { error, missing } = await window.keeper.ask({ job: "keep", shelf: "saved", address, files });
    if (error === "full") return "full";
    // A worker of before this script tells no files.
    return error || !missing || missing.includes(file) ? "failed" : "";
  }
}

customElements.define("take-sound", TakeSound);
