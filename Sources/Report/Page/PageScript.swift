import Figures

/// The page's own script: clouds that turn, circles that move, and what the page checks of itself.
///
/// Without it the page shows every picture still. Opened as `index.html#selftest`, it checks what it
/// shows and writes what it found into the element `selftest`, as JSON.
enum PageScript {
  /// The files of `Script`, each of which may use what those before it define.
  static let source = Markup(
    trusted: [
      PackageResources.watch_js, PackageResources.cloud_js, PackageResources.player_js,
      PackageResources.filter_js, PackageResources.print_js, PackageResources.selftest_js,
    ].map { String(decoding: $0, as: UTF8.self) }.joined())
}
