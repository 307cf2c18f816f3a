// Suggestions while somebody types; without this file the page works the same.
(() => {
  const box = document.getElementById("q");
  const list = document.getElementById("sugerencias");
  if (!box || !list || !box.dataset.suggest) return;
  let waiting = 0;
  let asked = "";
  box.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      const text = box.value.trim();
      if (text.length < 2 || text === asked) return;
      asked = text;
      try {
        const answer = await fetch(box.dataset.suggest + encodeURIComponent(text));
        if (!answer.ok) return;
        const { suggestions } = await answer.json();
        if (box.value.trim() !== text) return;
        list.replaceChildren(...suggestions.map((s) => Object.assign(document.createElement("option"), { value: s })));
      } catch {
        // nobody needs to know: suggestions are a convenience
      }
    }, 180);
  });
})();
