// <live-updates data-url>: brings what is new in a live coverage into the open page.
//
// Asks for the part of the page that changes, about every 20 seconds while it is in sight: the
// answer is a stored page, mostly "304 not modified". New entries wait behind a button, so that
// nothing moves under the reader; below the screen, where nobody looks yet, they go in at once.
// What is corrected or withdrawn changes at once wherever it stands.
// Without this script the page has a link that loads it again.
const SHORTEST = 20e3;
const LONGEST = 90e3;
const LONGEST_AFTER_ERRORS = 300e3;

class LiveUpdates extends HTMLElement {
  connectedCallback() {
    this.live = this.closest(".live");
    this.list = this.part(this.live, "list");
    this.wait = SHORTEST;
    this.live.addEventListener("click", (event) => this.share(event));
    if (!this.live.dataset.running) return;
    this.querySelector(".live__reload").hidden = true;
    this.news = document.createElement("div");
    this.news.className = "live__news";
    this.news.setAttribute("role", "status"); // announced politely
    this.list.before(this.news);
    document.addEventListener("visibilitychange", () => this.plan(document.hidden ? null : 0));
    addEventListener("pageshow", ({ persisted }) => persisted && this.plan(0));
    this.plan(this.wait);
  }

  part(root, name) {
    return root.querySelector(`[data-live=${name}]`);
  }

  plan(wait) {
    clearTimeout(this.timer);
    if (wait === null || !this.live.dataset.running) return;
    // Spread, so that all readers do not come at one moment.
    this.timer = setTimeout(() => this.look(), wait * (0.85 + Math.random() * 0.3));
  }

  async look() {
    if (document.hidden) return;
    const late = new AbortController();
    const clock = setTimeout(() => late.abort(), 15e3);
    try {
      const response = await fetch(this.dataset.url, { cache: "no-cache", signal: late.signal });
      if (response.status === 404 || response.status === 410) return; // no longer published
      if (!response.ok) throw new Error(response.status);
      const tag = response.headers.get("ETag");
      const same = tag && tag === this.tag;
      this.tag = tag;
      const changed = !same && this.take(await response.text());
      this.wait = changed ? SHORTEST : Math.min(this.wait * 1.15, LONGEST);
    } catch {
      this.wait = Math.min(this.wait * 2, LONGEST_AFTER_ERRORS);
    } finally {
      clearTimeout(clock);
    }
    this.plan(this.wait);
  }

  take(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".live");
    if (!fresh) throw new Error("no coverage");
    this.fresh = fresh;
    for (const name of ["state", "latest"]) this.replace(name);
    this.part(this.live, "state").className = this.part(fresh, "state").className;
    if (!fresh.dataset.running) this.end();
    if (fresh.dataset.oldestFirst) return false; // it has ended and begins with other entries now
    this.amend();
    this.moveUp();
    this.sumUp();
    this.replace("pages");
    const count = this.unseen().length;
    if (this.isBelowScreen()) this.show(false);
    else if (count) this.announce(count);
    return count > 0;
  }

  replace(name, fresh = this.part(this.fresh, name)) {
    const old = this.part(this.live, name);
    if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...document.importNode(fresh, true).childNodes);
  }

  // What has been corrected or withdrawn must not stay as it was.
  amend() {
    const fresh = new Map([...this.part(this.fresh, "list").children].map((entry) => [entry.id, entry]));
    // What is older than the last one may stand on the next page.
    const last = this.part(this.fresh, "pages").querySelector("[rel=next]") && [...fresh.values()].pop();
    const oldest = last?.querySelector("time").dateTime ?? "";
    for (const entry of [...this.list.children]) {
      const now = fresh.get(entry.id);
      if (now && now.dataset.version !== entry.dataset.version) entry.replaceWith(document.importNode(now, true));
      if (!now && (entry.querySelector("time")?.dateTime ?? "") > oldest) {
        const gone = Object.assign(document.createElement("p"), { className: "entry__gone", textContent: this.dataset.gone });
        entry.replaceChildren(gone);
        delete entry.dataset.version; // it may come back as it was
      }
    }
  }

  // Under the last known entry stands what has come up from the next page; it is not new.
  moveUp() {
    const fresh = [...this.part(this.fresh, "list").children];
    const last = fresh.map(({ id }) => !!document.getElementById(id)).lastIndexOf(true);
    if (last >= 0) this.list.append(...fresh.slice(last + 1).map((entry) => document.importNode(entry, true)));
  }

  // The pinned points and key entries, but for those that wait behind the button.
  sumUp() {
    const fresh = this.part(this.fresh, "summary").cloneNode(true);
    const waiting = this.unseen().map((entry) => `#${entry.id}`);
    for (const link of fresh.querySelectorAll(".live__keys a")) {
      if (waiting.includes(link.getAttribute("href"))) link.closest("li").remove();
    }
    const keys = fresh.querySelector(".live__keys");
    if (!keys?.querySelector("li")) keys?.remove();
    this.replace("summary", fresh);
  }

  unseen() {
    return [...this.part(this.fresh, "list").children].filter((entry) => !document.getElementById(entry.id));
  }

  isBelowScreen() {
    return this.live.getBoundingClientRect().top > innerHeight;
  }

  announce(count) {
    const text = count === 1 ? this.dataset.one : this.dataset.many.replace("{n}", count);
    let button = this.news.firstElementChild;
    if (!button) {
      button = Object.assign(document.createElement("button"), { type: "button" });
      button.addEventListener("click", () => this.show(true));
      this.news.append(button);
    }
    if (button.textContent !== text) button.textContent = text;
  }

  show(go) {
    const entries = this.unseen().map((entry) => document.importNode(entry, true));
    this.news.replaceChildren();
    for (const entry of entries) entry.classList.add("entry--new");
    // After a long pause there may be more new ones than a page has: no gap may stay unseen.
    if (entries.length && entries.length === this.part(this.fresh, "list").children.length) this.list.replaceChildren();
    this.list.prepend(...entries);
    this.sumUp();
    if (!go || !entries.length) return;
    entries[0].tabIndex = -1;
    entries[0].focus({ preventScroll: true });
    entries[0].scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  }

  end() {
    this.live.dataset.running = "";
    clearTimeout(this.timer);
  }

  // The entry's own address: through the device's sharing, else copied, else its page opens.
  async share(event) {
    const link = event.target.closest("[data-share-entry]");
    if (!link || event.ctrlKey || event.metaKey || !(navigator.share || navigator.clipboard)) return;
    event.preventDefault();
    if (navigator.share) return navigator.share({ url: link.href, title: document.title }).catch(() => {});
    const copied = await navigator.clipboard.writeText(link.href).then(() => true, () => false);
    if (!copied) return location.assign(link.href);
    link.textContent = this.dataset.copied;
  }
}

customElements.define("live-updates", LiveUpdates);
