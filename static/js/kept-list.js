// <kept-list>: the pages the service worker has kept on this device, from the <template> in it.
class KeptList extends HTMLElement {
  async connectedCallback() {
    this.list = this.querySelector("ol");
    this.clear = this.querySelector("[data-clear]");
    this.clear.addEventListener("click", () => this.forget());
    if (window.keeper) this.show();
    else this.querySelector("[data-refused]").hidden = false;
  }

  async show() {
    const { pages = [] } = await window.keeper.ask({ job: "list" });
    const newest = new Map();
    for (const page of pages.filter(({ shelf }) => shelf !== "frame").sort((a, b) => a.at - b.at)) {
      newest.set(page.address, page);
    }
    const shown = [...newest.values()].reverse();
    this.list.replaceChildren(...shown.map((page) => this.item(page)));
    this.querySelector("[data-empty]").hidden = shown.length > 0;
    this.clear.hidden = !shown.length;
  }

  item({ address, title, section, at }) {
    const item = this.querySelector("template").content.cloneNode(true).firstElementChild;
    const link = item.querySelector("a");
    link.href = address;
    link.textContent = written(title) || address;
    item.querySelector("[data-section]").textContent = written(section);
    const time = item.querySelector("time");
    time.dateTime = new Date(at).toISOString();
    time.textContent = moment(at);
    return item;
  }

  async forget() {
    const status = this.querySelector("[role=status]");
    for (const shelf of ["read", "lists", "day", "saved"]) await window.keeper.ask({ job: "drop", shelf });
    await this.show();
    status.textContent = this.dataset.cleared;
    status.focus();
  }
}

// Text that stood in an attribute, without its &amp;s.
function written(text) {
  return new DOMParser().parseFromString(text, "text/html").documentElement.textContent;
}

// 09:41 24/11/2026, or as the language of the page writes it.
function moment(at) {
  const two = { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(at).toLocaleString(document.documentElement.lang, { year: "numeric", ...two });
}

customElements.define("kept-list", KeptList);
