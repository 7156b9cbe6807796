// Reads an article aloud with the browser's own voice, paragraph by paragraph. Loaded by
// listen-button.js at the first press.
//
// Each paragraph is spoken in pieces of a sentence or two: some browsers fall silent in the midst
// of a long one. A pause ends the piece and going on begins it again, because not every browser
// can stop in the midst of a word and go on.

const SPOKEN = "h1, .story__standfirst, .story__body :is(p, h2, h3, li, blockquote)";
const SKIPPED = "figure, aside, nav, table, details, .related, .scroll, [hidden]";
const LONGEST = 150;
const RATES = ["0.75", "1", "1.25", "1.5", "2"];
const SCROLLING_KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "];

export function pieces(text, language) {
  const sentences = Intl.Segmenter
    ? [...new Intl.Segmenter(language, { granularity: "sentence" }).segment(text)].map((one) => one.segment)
    : text.match(/[^.!?…]+[.!?…]*\s*/g) || [text];
  const found = [];
  for (const part of sentences.flatMap(cut)) {
    if (found.length && (found.at(-1) + part).length <= LONGEST) found[found.length - 1] += part;
    else found.push(part);
  }
  return found.map((piece) => piece.trim()).filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

// A sentence that is too long, cut behind a comma or else between words.
function cut(sentence) {
  const parts = [];
  let rest = sentence;
  while (rest.length > LONGEST) {
    const head = rest.slice(0, LONGEST);
    const at = Math.max(head.lastIndexOf(", "), head.lastIndexOf("; "), head.lastIndexOf(": ")) + 2;
    const end = at > LONGEST / 3 ? at : head.lastIndexOf(" ") + 1 || LONGEST;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}

function paragraphs() {
  const found = [...document.querySelectorAll(SPOKEN)].filter((one) => !one.closest(SKIPPED));
  // A quotation with paragraphs of its own is read through them.
  const inner = found.filter((one) => !found.some((other) => other !== one && one.contains(other)));
  return inner.filter((one) => /[\p{L}\p{N}]/u.test(one.textContent));
}

class Reader {
  constructor(element) {
    this.element = element;
    this.player = element.querySelector("[data-player]");
    this.paragraphs = paragraphs();
    this.following = true;
    this.token = 0;
    for (const name of ["pause", "stop", "back", "on"]) {
      this.control(name).addEventListener("click", () => this[name]());
    }
    this.rate = this.player.querySelector("select");
    this.rate.value = storedRate();
    this.rate.addEventListener("change", () => {
      storeRate(this.rate.value);
      if (this.playing) this.speak();
    });
    addEventListener("pagehide", () => this.stop());
    for (const type of ["wheel", "touchmove"]) addEventListener(type, () => this.lead(), { passive: true });
    addEventListener("keydown", ({ key, target }) => {
      if (SCROLLING_KEYS.includes(key) && !target.closest("[data-player]")) this.lead();
    });
  }

  control(name) {
    return this.player.querySelector(`[data-${name}]`);
  }

  start() {
    this.element.dataset.state = "on";
    this.element.querySelector("[data-listen]").hidden = true;
    this.player.hidden = false;
    this.following = true;
    this.go(0);
    this.control("pause").focus();
  }

  stop() {
    if (this.player.hidden) return;
    const focused = this.player.contains(document.activeElement);
    this.silence();
    this.mark(null);
    this.element.dataset.state = "";
    this.player.hidden = true;
    const button = this.element.querySelector("[data-listen]");
    button.hidden = false;
    if (focused) button.focus({ preventScroll: true });
  }

  pause() {
    if (this.playing) this.silence();
    else this.speak();
  }

  back() {
    this.following = true;
    this.go(Math.max(this.at - 1, 0));
  }

  on() {
    this.following = true;
    this.go(this.at + 1);
  }

  // The reader scrolls: the page stays where it was led until the paragraph is in sight again.
  lead() {
    this.following = false;
  }

  go(number) {
    if (number >= this.paragraphs.length) return this.stop();
    this.at = number;
    this.pieces = pieces(this.paragraphs[number].textContent.replace(/\s+/g, " "), this.element.lang);
    this.piece = 0;
    this.mark(this.paragraphs[number]);
    const place = this.player.querySelector("[data-place]");
    place.textContent = place.dataset.text.replace("{n}", number + 1).replace("{all}", this.paragraphs.length);
    this.speak();
  }

  speak() {
    this.silence();
    const words = this.pieces[this.piece];
    if (!words) return this.go(this.at + 1);
    const token = this.token;
    // Held on to: some browsers forget an utterance that nothing names, with its events.
    const speech = (this.speech = new SpeechSynthesisUtterance(words));
    speech.voice = this.element.voice || null;
    speech.lang = speech.voice?.lang || this.element.lang;
    speech.rate = Number(this.rate.value);
    speech.onend = () => {
      if (token !== this.token) return;
      this.piece += 1;
      this.speak();
    };
    speech.onerror = () => {
      if (token !== this.token) return;
      this.silence();
      this.player.querySelector("[role=status]").textContent = this.player.dataset.failed;
    };
    this.player.querySelector("[role=status]").textContent = "";
    this.show(true);
    speechSynthesis.speak(speech);
  }

  // Events of what was being said no longer count.
  silence() {
    this.token += 1;
    this.show(false);
    speechSynthesis.cancel();
  }

  show(playing) {
    this.playing = playing;
    const button = this.control("pause");
    button.textContent = playing ? button.dataset.pause : button.dataset.resume;
  }

  mark(paragraph) {
    document.querySelector(".is-spoken")?.classList.remove("is-spoken");
    if (!paragraph) return;
    paragraph.classList.add("is-spoken");
    const { top, bottom } = paragraph.getBoundingClientRect();
    const seen = bottom > 0 && top < innerHeight - this.player.offsetHeight;
    if (seen) this.following = true;
    if (this.following) paragraph.scrollIntoView({ block: seen ? "nearest" : "center" });
  }
}

function storedRate() {
  try {
    const rate = localStorage.getItem("listen-rate");
    return RATES.includes(rate) ? rate : "1";
  } catch {
    return "1";
  }
}

function storeRate(rate) {
  try {
    localStorage.setItem("listen-rate", rate);
  } catch {
    // Without storage the speed holds for this page.
  }
}

const readers = new WeakMap();

export function begin(element) {
  if (!readers.has(element)) readers.set(element, new Reader(element));
  readers.get(element).start();
}
