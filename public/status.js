// A status page works without this: it turns the colours, keeps stars in the address, counts the age on, and fetches the page anew.
(() => {
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private windows keep nothing */ } };
  const scheme = kept("mantine-color-scheme-value");
  root.dataset.mantineColorScheme = scheme === "light" || scheme === "dark" ? scheme : matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";

  const starsOf = () => new Set((new URLSearchParams(location.search).get("mine") ?? "").split(",").filter(Boolean));
  const wordOf = (ms) => (ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : ms < 6_000_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 3_600_000)} h`);

  function begin() {
    const main = document.querySelector("main[data-cluster]");
    const theme = document.getElementById("theme");
    if (theme) {
      theme.hidden = false;
      theme.onclick = () => {
        root.dataset.mantineColorScheme = root.dataset.mantineColorScheme === "light" ? "dark" : "light";
        keep("mantine-color-scheme-value", root.dataset.mantineColorScheme);
      };
    }
    if (!main) return;
    const remembered = `status-mine-${main.dataset.cluster}`;
    const search = new URLSearchParams(location.search);
    if (!search.has("mine") && kept(remembered)) {
      search.set("mine", kept(remembered));
      history.replaceState(null, "", `?${search}`);
      void renew();
    }
    document.addEventListener("click", ({ target }) => {
      const star = target instanceof Element ? target.closest("[data-star]") : null;
      if (!star) return;
      const stars = starsOf();
      if (!stars.delete(star.dataset.star)) stars.add(star.dataset.star);
      const now = new URLSearchParams(location.search);
      if (stars.size > 0) now.set("mine", [...stars].join(","));
      else now.delete("mine");
      keep(remembered, [...stars].join(","));
      history.replaceState(null, "", `?${now}`);
      void renew();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      document.querySelector("input[type=search]")?.focus();
    });
    show();
    setInterval(() => void renew(), 15_000);
    setInterval(tick, 1000);
  }

  function show() {
    for (const star of document.querySelectorAll("[data-star]")) star.hidden = false;
    tick();
  }

  function tick() {
    const time = document.querySelector("time[data-at]");
    if (time) time.textContent = `updated ${wordOf(Date.now() - Number(time.dataset.at))} ago`;
  }

  /** What is typed, opened and focused stays; when the server does not answer, the page says so and keeps what it shows. */
  async function renew() {
    const field = document.querySelector("input[type=search]");
    if (field && field === document.activeElement) return;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const open = [...document.querySelectorAll("tr[data-service] details[open]")].map((one) => one.closest("tr").dataset.service);
      const focused = document.activeElement?.dataset?.star;
      for (const part of ["main", ".fresh", "footer"]) {
        const [old, now] = [document.querySelector(part), fresh.querySelector(part)];
        if (old && now && old.innerHTML !== now.innerHTML) old.replaceWith(document.adoptNode(now));
      }
      for (const id of open) document.querySelector(`tr[data-service="${CSS.escape(id)}"] details`)?.setAttribute("open", "");
      if (focused) document.querySelector(`[data-star="${CSS.escape(focused)}"]`)?.focus();
      document.body.classList.remove("lost");
      show();
    } catch {
      document.body.classList.add("lost");
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
