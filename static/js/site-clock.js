// <site-clock data-weekdays="Chủ Nhật|Thứ Hai|…">: the time in Hanoi, whatever the reader's zone.
// With data-months="January|…" the month is written out.
// The server prints none, so that a stored page never shows an old one.
class SiteClock extends HTMLElement {
  connectedCallback() {
    this.weekdays = this.dataset.weekdays.split("|");
    this.months = this.dataset.months?.split("|");
    this.tick();
  }

  tick() {
    const now = Date.now();
    const hanoi = new Date(now + 7 * 3600e3); // read below as if it were UTC
    const two = (number) => String(number).padStart(2, "0");
    const [day, month, year] = [hanoi.getUTCDate(), hanoi.getUTCMonth(), hanoi.getUTCFullYear()];
    const time = `${two(hanoi.getUTCHours())}:${two(hanoi.getUTCMinutes())}`;
    const weekday = this.weekdays[hanoi.getUTCDay()];
    this.textContent = this.months
      ? `${weekday}, ${day} ${this.months[month]} ${year}, ${time} (GMT+7)`
      : `${weekday}, ${two(day)}/${two(month + 1)}/${year} ${time} (GMT +7)`;
    setTimeout(() => this.tick(), 60_000 - (now % 60_000));
  }
}

customElements.define("site-clock", SiteClock);
