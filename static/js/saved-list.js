// <saved-list>: the articles this browser's reader has put aside (see save-later.js), newest first,
// from the <template> in it. What is removed can be had back until the page is left. What the paper
// has taken back meanwhile goes from the list and from what this device keeps.
const shelf = customElements.get("save-later");

class SavedList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.undo = this.querySelector("[data-undo]");
    this.undo.addEventListener("click", () => this.restore());
    addEventListener("storage", () => this.show());
    addEventListener("pageshow", ({ persisted }) => persisted && this.show());
    addEventListener("online", () => this.removeGone());
    this.show();
    this.removeGone();
  }

  async removeGone() {
    let count = 0;
    for (const { address } of shelf.read() || []) {
      if (!(await isGone(address))) continue;
      window.keeper?.ask({ job: "forget", address });
      shelf.write((shelf.read() || []).filter((one) => one.address !== address));
      count += 1;
    }
    if (count) this.tell(count === 1 ? this.dataset.oneGone : this.dataset.gone.replace("{n}", count), this.undo.hidden);
  }

  show() {
    const saved = shelf.read();
    this.querySelector("[data-refused]").hidden = saved !== null;
    this.querySelector("[data-empty]").hidden = saved === null || saved.length > 0;
    this.list.replaceChildren(...(saved || []).map((article) => this.item(article)));
  }

  item(article) {
    const item = this.querySelector("template").content.cloneNode(true).firstElementChild;
    const link = item.querySelector("a");
    link.href = new URL(article.address, location.origin).pathname; // never a javascript: address
    link.textContent = article.headline;
    item.querySelector("[data-section]").textContent = article.section;
    const time = item.querySelector("time");
    time.dateTime = new Date(article.at).toISOString();
    time.textContent = moment(article.at);
    item.querySelector("button").addEventListener("click", () => this.remove(article));
    return item;
  }

  remove(article) {
    const saved = shelf.read() || [];
    this.removed = { article, place: saved.findIndex(({ address }) => address === article.address) };
    shelf.write(saved.filter(({ address }) => address !== article.address));
    window.keeper?.ask({ job: "drop", shelf: "saved", address: article.address });
    this.tell(this.dataset.removed.replace("{headline}", article.headline), false);
    this.undo.focus();
  }

  restore() {
    const { article, place } = this.removed;
    const saved = shelf.read() || [];
    shelf.write(saved.toSpliced ? saved.toSpliced(place, 0, article) : [article, ...saved]);
    window.keeper?.ask({ job: "keep", shelf: "saved", address: article.address });
    this.tell(this.dataset.restored.replace("{headline}", article.headline), true);
    this.list.children[Math.min(place, this.list.children.length - 1)]?.querySelector("a").focus();
  }

  tell(message, done) {
    this.querySelector("[role=status]").textContent = message;
    this.undo.hidden = done;
    this.show();
  }
}

// Only what the paper itself says counts: no network and a broken server say nothing of an article.
async function isGone(address) {
  const path = new URL(address, location.origin).pathname;
  const options = { method: "HEAD", cache: "no-cache", credentials: "omit" };
  const response = await fetch(path, options).catch(() => null);
  return response !== null && [404, 410].includes(response.status);
}

// 09:41 24/11/2026, or as the language of the page writes it.
function moment(at) {
  const two = { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(at).toLocaleString(document.documentElement.lang, { year: "numeric", ...two });
}

customElements.define("saved-list", SavedList);
