// What is folded stays so on paper, but for whole sections: they are the page.
let folded = [];
addEventListener("beforeprint", () => {
  folded = every("section > details:not([open])");
  folded.forEach(part => { part.open = true; });
  players.forEach(player => { player.stop(); player.show(player.last); });
});
addEventListener("afterprint", () => folded.forEach(part => { part.open = false; }));
