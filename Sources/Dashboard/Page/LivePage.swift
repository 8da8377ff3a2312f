import Figures
import Foundation
import Sweep

/// The page at `/`: still, the same for every sweep; its script fills it in from `/api/page`, and goes on
/// doing so.
///
/// Style and script stand in it, nothing comes from elsewhere, and no script runs but its own.
enum LivePage {
  static let bytes = Array(markup.text.utf8)

  /// What a browser may do with it.
  static let policy: String = {
    let hash = Data(hexadecimal: Digest(of: script.text).hex).base64EncodedString()
    return "default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; "
      + "script-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  }()

  /// Each may use what those before it define.
  static let script = Markup(
    trusted: [
      PackageResources.parts_js, PackageResources.progress_js, PackageResources.strips_js,
      PackageResources.curves_js, PackageResources.hosts_js, PackageResources.workers_js,
      PackageResources.follow_js,
    ].map { String(decoding: $0, as: UTF8.self) }.joined())

  private static let sheet: Markup = """
    :root{\(ChartStyle.properties(dark: false))}
    @media (prefers-color-scheme:dark){:root{\(ChartStyle.properties(dark: true))}}
    \(ChartStyle.sheet)\(Markup(trusted: String(decoding: PackageResources.live_css, as: UTF8.self)))
    """

  private static let markup: Markup = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>vaesweep</title>
    <link rel="icon" href="data:,">
    <style>\(sheet)</style>
    </head>
    <body>
    <header>
    <h1 id="sweep">vaesweep</h1>
    <p id="origin" class="soft"></p>
    <noscript><p class="notice">This page is drawn by a script of its own. Without one, <code>vaesweep \
    status --watch</code> shows the same in a terminal, and <a href="api/status">api/status</a> tells it \
    as JSON.</p></noscript>
    <p id="contact" class="notice" role="status" hidden></p>
    <div id="progress"></div>
    <ul id="alerts" class="notice" hidden></ul>
    </header>
    <main>
    <section id="summary" hidden></section>
    <section id="curves" hidden></section>
    <section id="hosts" hidden></section>
    <section id="failures" hidden></section>
    <section id="workers" hidden></section>
    </main>
    <footer><p>The same for programs: <a href="metrics">/metrics</a> (Prometheus),
    <a href="api/status">/api/status</a>, <a href="api/summary">/api/summary</a>,
    <a href="api/points">/api/points</a>, <a href="api/page">/api/page</a> (JSON).
    <span id="program"></span></p></footer>
    <script>\(script)</script>
    </body>
    </html>

    """
}

extension Data {
  /// The bytes that pairs of hexadecimal digits stand for.
  fileprivate init(hexadecimal digits: String) {
    let values = digits.compactMap(\.hexDigitValue)
    self.init(
      stride(from: 0, to: values.count - 1, by: 2).map {
        UInt8(16 * values[$0] + values[$0 + 1])
      })
  }
}
