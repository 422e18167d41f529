// Says what is on the screen, unless muted; the same sentence only again when it is asked for.

export class Voice {
  constructor(language) {
    this.language = language;
    this.muted = localStorage.getItem("hipcv-muted") === "yes";
    this.last = "";
  }

  toggle() {
    this.muted = !this.muted;
    localStorage.setItem("hipcv-muted", this.muted ? "yes" : "no");
    if (this.muted) globalThis.speechSynthesis?.cancel();
  }

  say(text, { again = false } = {}) {
    if (!text || (text === this.last && !again)) return;
    this.last = text;
    if (this.muted || !globalThis.speechSynthesis) return;
    speechSynthesis.cancel();
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.lang = this.language;
    speechSynthesis.speak(spoken);
  }
}
