// <share-links data-url data-title>: the device's own sharing, copying the address, printing.
class ShareLinks extends HTMLElement {
  connectedCallback() {
    const { url, title } = this.dataset;
    const share = this.querySelector("[data-share]");
    if (navigator.share) {
      share.hidden = false;
      share.addEventListener("click", () => navigator.share({ url, title }).catch(() => {}));
    }
    const copy = this.querySelector("[data-copy]");
    if (!navigator.clipboard) copy.hidden = true; // only on https or localhost
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(url);
      this.querySelector("[role=status]").textContent = copy.dataset.done;
    });
    this.querySelector("[data-print]").addEventListener("click", () => print());
  }
}

customElements.define("share-links", ShareLinks);
