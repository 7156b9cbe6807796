// <site-clock data-weekdays="Chủ Nhật|Thứ Hai|…">: the time in Hanoi, whatever the reader's zone.
// The server prints none, so that a stored page never shows an old one.
class SiteClock extends HTMLElement {
  connectedCallback() {
    this.weekdays = this.dataset.weekdays.split("|");
    this.tick();
  }

  tick() {
    const now = Date.now();
    const hanoi = new Date(now + 7 * 3600e3); // read below as if it were UTC
    const two = (number) => String(number).padStart(2, "0");
    const date = [two(hanoi.getUTCDate()), two(hanoi.getUTCMonth() + 1), hanoi.getUTCFullYear()].join("/");
    const time = `${two(hanoi.getUTCHours())}:${two(hanoi.getUTCMinutes())}`;
    this.textContent = `${this.weekdays[hanoi.getUTCDay()]}, ${date} ${time} (GMT +7)`;
    setTimeout(() => this.tick(), 60_000 - (now % 60_000));
  }
}

customElements.define("site-clock", SiteClock);
