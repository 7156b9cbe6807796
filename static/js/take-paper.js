// <take-paper data-day data-files>: has the service worker keep the paper of a day, page by page.
// What is missing comes first, so a run that was broken off goes on where it ended; of the others the
// worker asks whether they have changed, and fetches those that have. Recordings are fetched only if
// they were asked for, and after all pages: where there is no room for them the paper is there.
class TakePaper extends HTMLElement {
  connectedCallback() {
    if (!window.keeper) return this.state("refused");
    for (const name of ["take", "cancel", "remove"]) {
      this.querySelector(`[data-${name}]`).addEventListener("click", () => this[name]());
    }
    this.sounds = this.querySelector("[data-sounds]");
    this.look();
  }

  // Which of the buttons and texts are shown: those that name this state.
  state(name) {
    this.dataset.state = name;
    for (const part of this.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(name);
    }
  }

  tell(name, values = {}) {
    const text = this.getAttribute(`data-say-${name}`) || "";
    this.querySelector("[role=status]").textContent = text.replace(/{(\w+)}/g, (_, key) => values[key]);
  }

  // What of this day is kept already.
  async kept() {
    const { pages = [] } = await window.keeper.ask({ job: "list" });
    return pages.filter(({ shelf, day }) => shelf === "day" && day === this.dataset.day);
  }

  async look() {
    const articles = (await this.kept()).filter(({ address }) => address.endsWith(".html"));
    if (this.sounds && articles.some(({ sounds }) => sounds.length)) this.sounds.checked = true;
    const all = Number(this.dataset.count);
    this.state(articles.length ? (articles.length < all ? "part" : "done") : "none");
    if (articles.length) this.report(articles);
  }

  report(articles) {
    const bytes = articles.reduce((sum, page) => sum + page.bytes, 0);
    const at = Math.max(...articles.map((page) => page.at));
    const time = new Date(at + 7 * 3600e3).toISOString().slice(11, 16); // in Hanoi
    this.tell(this.dataset.state, { n: articles.length, all: this.dataset.count, size: this.size(bytes), time });
  }

  async take() {
    this.cancelled = false;
    this.state("busy");
    this.tell("busy");
    this.querySelector("progress").value = 0;
    this.querySelector("[data-cancel]").focus();
    // Asked for because the reader has just said so; the browser decides.
    navigator.storage?.persist?.().catch(() => {});
    const trouble = await this.run().catch(() => "network");
    await this.look();
    if (trouble) this.tell(trouble);
    this.querySelector("[role=status]").focus();
  }

  // Fetch what is missing, one page after the other; tells what went wrong, if anything did.
  async run() {
    const response = await fetch(this.dataset.files, { cache: "no-cache" });
    if (!response.ok) return "network";
    const { day, page, bytes, sound_bytes: soundBytes, articles } = await response.json();
    if (await this.tooLarge(bytes)) return "full";
    const spoken = this.sounds?.checked ? articles.filter(({ sounds }) => sounds.length) : [];
    if (spoken.length && (await this.tooLarge(bytes + soundBytes))) return "sounds-full";
    await window.keeper.ask({ job: "only", day, addresses: [page, ...articles.map(({ address }) => address)] });
    const held = new Set((await this.kept()).map(({ address }) => address));
    const isHeld = ({ address }) => Number(held.has(address));
    const pages = articles.map(withPictures).sort((one, other) => isHeld(one) - isHeld(other));
    const steps = [...pages, ...spoken.map(withSounds)];
    const all = steps.reduce((sum, one) => sum + one.weight, 0);
    const shown = spoken.length ? bytes + soundBytes : bytes;
    let done = 0;
    let trouble = "";
    this.dataset.count = articles.length;
    for (const one of [{ address: page, files: [], sounds: [], weight: 0 }, ...steps]) {
      if (this.cancelled) return "cancelled";
      const error = await this.keep(one, day);
      if (error && error !== "sounds-missing") return error;
      trouble ||= error;
      done += one.weight;
      this.progress(done, all, shown);
    }
    return trouble;
  }

  async keep({ address, files, sounds }, day) {
    const { error, missing } = await window.keeper.ask({ job: "keep", shelf: "day", address, day, files });
    // A page that is gone meanwhile is no reason to stop.
    if (error === "gone") return "";
    if (error === "full") return sounds.length ? "sounds-full" : "full";
    if (error) return "network";
    return sounds.some((sound) => missing.includes(sound)) ? "sounds-missing" : "";
  }

  progress(done, all, bytes) {
    this.querySelector("progress").value = done / all;
    const percent = Math.floor((100 * done) / all);
    this.querySelector("[data-percent]").textContent = `${percent} % · ${this.size(bytes)}`;
  }

  cancel() {
    this.cancelled = true;
  }

  async remove() {
    await window.keeper.ask({ job: "drop", shelf: "day" });
    await this.look();
    this.tell("removed");
    this.querySelector("[data-take]").focus();
  }

  async tooLarge(bytes) {
    const { quota, usage } = (await navigator.storage?.estimate?.()) || {};
    return quota !== undefined && bytes > quota - usage;
  }

  size(bytes) {
    const megabytes = Math.max(bytes / 1e6, 0.1);
    const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    return `${megabytes.toLocaleString(document.documentElement.lang, digits)} MB`;
  }
}

const namesOf = (files) => files.map(([file]) => file);
const weightOf = (files) => files.reduce((sum, [, size]) => sum + size, 0);

function withPictures({ address, bytes, pictures }) {
  return { address, files: namesOf(pictures), sounds: [], weight: bytes + weightOf(pictures) };
}

function withSounds({ address, pictures, sounds }) {
  const files = namesOf([...pictures, ...sounds]);
  return { address, files, sounds: namesOf(sounds), weight: weightOf(sounds) };
}

customElements.define("take-paper", TakePaper);
