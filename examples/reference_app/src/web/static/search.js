// Asks /query and shows the titles. Text only: what was found is never taken for markup.
const said = document.getElementById("said");
const results = document.getElementById("results");

document.getElementById("question").addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = document.getElementById("query").value;
  const answer = await fetch("/query", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query }),
  });
  results.replaceChildren();
  if (!answer.ok) {
    said.textContent = `The answer was ${answer.status}.`;
    return;
  }
  const found = await answer.json();
  said.textContent = found.results.length ? (found.cached ? "From the cache." : "") : "Nothing was found.";
  for (const one of found.results) {
    const item = document.createElement("li");
    item.textContent = one.title;
    results.append(item);
  }
});
