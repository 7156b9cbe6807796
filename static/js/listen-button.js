// <listen-aloud lang data-script>: shows its button where the browser has a voice of the article's
// language; the reader itself (listen.js) comes when it is pressed.
class ListenAloud extends HTMLElement {
  connectedCallback() {
    if (!window.speechSynthesis) return;
    const look = () => {
      this.dataset.voice = this.voice || this.dataset.state === "on" ? "yes" : "no";
    };
    speechSynthesis.addEventListener?.("voiceschanged", look);
    look();
    const button = this.querySelector("[data-listen]");
    button.addEventListener("click", async () => {
      const { begin } = await import(this.dataset.script);
      begin(this);
    });
  }

  // Of the same language; one of this device rather than one that needs the network.
  get voice() {
    const own = (voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === this.lang;
    const voices = speechSynthesis.getVoices().filter(own);
    return voices.find((voice) => voice.localService) || voices[0];
  }
}

customElements.define("listen-aloud", ListenAloud);
