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
    copy.addEventListener("click", () => this.copy(url, copy.dataset));
    this.querySelector("[data-print]").addEventListener("click", () => print());
  }

  // Where the browser refuses, the address is there to be copied by hand.
  async copy(url, { done, refused }) {
    const copied = await navigator.clipboard.writeText(url).then(() => true, () => false);
    this.querySelector("[role=status]").textContent = copied ? done : refused;
    const address = this.querySelector("[data-address]");
    address.hidden = copied;
    if (!copied) address.select();
  }
}

customElements.define("share-links", ShareLinks);
