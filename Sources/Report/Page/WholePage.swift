import Crypto
import Figures
import Foundation
import Study
import Sweep

/// The page around the sections: head, overview, links.
struct WholePage {
  let contents: ReportContents
  let sections: [Section]
  let version: String

  var markup: Markup {
    let title = contents.sweepNames.joined(separator: ", ")
    let files = [ReportFolder.page] + sections.flatMap(\.files).map(\.name)
    var links = Markup()
    for section in sections {
      links += "<li><a href=\"#\(section.id)\">\(section.title)</a></li>\n"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      \(ReportFolder.listing(files))
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="vaesweep \(version)">
      <title>\(title): what the seeds tell</title>
      <link rel="icon" href="data:,">
      <style>\(PageStyle.sheet)</style>
      </head>
      <body>
      <header>
      <h1>How much is the architecture, and how much is luck?</h1>
      <p class="lead"><b>\(title)</b>: \(overview)</p>
      <p class="paper">What is folded in the page is not on paper: unfold it before it is printed.</p>
      </header>
      <nav aria-label="sections"><ul>
      \(links)</ul>
      <label class="filter" hidden>Show only <input type="search" \
      placeholder="784-256-32 sampling" aria-describedby="filtered"></label>
      <output id="filtered" class="soft"></output>
      <div class="folds" hidden><button type="button">fold all</button>\
      <button type="button">unfold all</button></div></nav>
      <main>
      \(sections.map(\.markup))</main>
      <footer><p>Made by vaesweep \(version) from a store of results; nothing on this page comes from \
      the network.</p></footer>
      <script>\(PageScript.source)</script>
      </body>
      </html>

      """
  }

  /// Nothing is loaded from anywhere, and no script runs but the page's own.
  private var policy: String {
    let digest = Data(SHA256.hash(data: Array(PageScript.source.text.utf8)))
    return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
      + "script-src 'sha256-\(digest.base64EncodedString())'; base-uri 'none'; form-action 'none'"
  }

  private var overview: String {
    let counts = contents.configurations.map(\.counts)
    func sum(_ part: (PointCounts) -> Int) -> Int { counts.reduce(0) { $0 + part($1) } }
    var words =
      "\(counts.count.of("configuration")), \(sum(\.planned).of("run")) planned: \(sum(\.ok)) ended well"
    let others = [
      (sum(\.diverged), "diverged"), (sum(\.failed), "failed"), (sum(\.missing), "missing"),
    ]
    for (count, name) in others { words += ", \(count) \(name)" }
    let datasets = Array(Set(contents.sweeps.map(\.dataset))).sorted().joined(separator: ", ")
    let part =
      contents.part.isEmpty
      ? ""
      : "Only points with \(contents.part.joined(separator: ", ")), without claims, which are about "
        + "all points. "
    return part + words
      + ". Dataset: \(datasets). Inference is over seeds, given this split into training "
      + "and test images."
  }
}
