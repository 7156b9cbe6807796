// The comment form: counts letters while typing and sends without leaving the page.
//
//   <form data-comment-form> … <output data-limit="1000" hidden> … <p role="status"> … </form>
//
// Without this script the form is sent as any form is, and the answer is a page.

for (const form of document.querySelectorAll("[data-comment-form]")) {
  const text = form.elements.namedItem("text");
  const counter = form.querySelector("output[data-limit]");
  const status = form.querySelector("[role=status]");
  const limit = Number(counter.dataset.limit);

  // As the server counts: composed (NFC) letters, not code units.
  const length = () => [...text.value.normalize("NFC").trim()].length;
  const count = () => {
    counter.hidden = false;
    counter.value = `${length()} / ${limit}`;
    counter.classList.toggle("is-over", length() > limit);
  };
  text.addEventListener("input", count);
  if (text.value) count();

  const tell = (message, bad) => {
    status.textContent = message;
    status.classList.toggle("is-error", bad);
    status.focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const answer = await response.json();
      if (response.ok) {
        text.value = "";
        count();
        tell(answer.message, false);
      } else {
        tell(Object.values(answer.errors).flat().join(" "), true);
      }
    } catch {
      // No network, or an answer that is not ours: the plain way shows what is wrong.
      form.submit();
    } finally {
      button.disabled = false;
    }
  });
}
