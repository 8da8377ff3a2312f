/// The page's own script: clouds that turn, circles that move, and what the page checks of itself.
///
/// Without it the page shows every picture still. Opened as `index.html#selftest`, it checks what it
/// shows and writes what it found into the element `selftest`, as JSON.
enum PageScript {
  static let source = Markup(trusted: watch + cloud + player + paper + selfTest)

  private static let watch = """
    "use strict";
    const faults = [];
    addEventListener("error", event => faults.push(String(event.message)));
    addEventListener("unhandledrejection", event => faults.push(String(event.reason)));
    addEventListener("securitypolicyviolation",
      event => faults.push("blocked " + event.violatedDirective + " " + event.blockedURI));
    const every = (selector, from) => Array.from((from || document).querySelectorAll(selector));
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

    """

  /// On paper nothing stays folded.
  private static let paper = """
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = every("details:not([open])");
      folded.forEach(part => { part.open = true; });
      players.forEach(player => { player.stop(); player.show(player.last); });
    });
    addEventListener("afterprint", () => folded.forEach(part => { part.open = false; }));

    """
}
