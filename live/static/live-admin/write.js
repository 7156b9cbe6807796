// Writing an entry from a phone: nothing that was typed gets lost.
//
// The text is kept on the phone until the server has taken it. The form's token stays the same
// until then, so however often it is sent, one entry comes of it. Without this script the form is
// sent as any form is.
const form = document.querySelector("[data-live-form]");
if (form) start(form);

function start(form) {
  const key = `live-${form.dataset.key}`;
  const kept = ["text", "headline", "caption", "alt", "correction", "token", "version"];
  const field = (name) => form.elements.namedItem(name);
  const told = form.querySelector("[data-told]");
  const sent = form.querySelector("[data-sent]");
  const button = form.querySelector("button[type=submit]");
  const own = document.querySelector("[data-own]");
  const label = button.textContent;
  let sending = false;

  const keep = () => {
    const values = { is_key: field("is_key").checked };
    for (const name of kept) values[name] = field(name)?.value ?? "";
    try {
      localStorage.setItem(key, JSON.stringify(values));
    } catch {
      // Without storage the text still stays in the field.
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  };
  const restore = () => {
    let values;
    try {
      values = JSON.parse(localStorage.getItem(key));
    } catch {
      return;
    }
    if (!values || !(values.text || values.headline || values.correction)) return;
    if (form.querySelector("[data-told]:not([hidden])")) return; // the server gave back newer text
    if (kept.every((name) => ["token", "version"].includes(name) || (field(name)?.value ?? "") === values[name])) return;
    for (const name of kept) if (field(name) && values[name]) field(name).value = values[name];
    field("is_key").checked = values.is_key;
    tell(sent, form.dataset.kept);
  };

  const tell = (place, text) => {
    for (const one of [told, sent]) one.hidden = one !== place;
    place.textContent = text;
  };
  const fail = (text) => {
    tell(told, text);
    told.focus();
  };

  const clear = (answer) => {
    forget();
    for (const name of ["text", "headline", "caption", "alt", "photos"]) field(name).value = "";
    field("is_key").checked = false;
    field("token").value = answer.token;
    own.querySelector("[data-none]")?.remove();
    const item = new DOMParser().parseFromString(answer.html, "text/html").body.firstElementChild;
    document.getElementById(item.id)?.remove();
    own.prepend(item);
    tell(sent, answer.message);
  };

  const send = async () => {
    const data = new FormData(form);
    // The cookie's token is right even after signing in again in another tab.
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (token) data.set("csrfmiddlewaretoken", token);
    const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      // Without a session the answer is the page for signing in, or that the form's token is wrong.
      const signedOut = response.redirected || response.status === 403;
      return fail(signedOut ? form.dataset.signedOut : form.dataset.failed);
    }
    const answer = await response.json();
    if (response.ok && own) return clear(answer);
    if (response.ok) {
      forget();
      return location.assign(form.querySelector(".send a").href);
    }
    for (const name of ["token", "version"]) if (answer[name]) field(name).value = answer[name];
    keep();
    fail(Object.values(answer.errors).flat().join(" "));
  };

  form.addEventListener("input", keep);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return; // a second tap
    sending = true;
    keep();
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.sending;
    try {
      await send();
    } catch {
      fail(form.dataset.offline);
    } finally {
      sending = false;
      button.removeAttribute("aria-disabled");
      button.textContent = label;
    }
  });
  addEventListener("online", () => {
    if (!told.hidden && told.textContent === form.dataset.offline) tell(sent, form.dataset.online);
  });
  restore();
}
