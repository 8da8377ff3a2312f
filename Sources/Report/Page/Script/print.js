// On paper nothing stays folded.
let folded = [];
addEventListener("beforeprint", () => {
  folded = every("details:not([open])");
  folded.forEach(part => { part.open = true; });
  players.forEach(player => { player.stop(); player.show(player.last); });
});
addEventListener("afterprint", () => folded.forEach(part => { part.open = false; }));
