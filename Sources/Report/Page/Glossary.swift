import Figures
import Foundation
import Sweep

/// What the page's measures are, and which way is better: a reader of a verdict on `coverage` must know
/// that less of it is more.
enum Glossary {
  /// Metrics that the catalogue explains in the same words, together, in the order of a summary.
  static var terms: [(metrics: [Metric], words: Markup)] {
    var terms: [(help: String, metrics: [Metric])] = []
    for metric in Metric.known {
      if let place = terms.firstIndex(where: { $0.help == metric.field.help }) {
        terms[place].metrics.append(metric)
      } else {
        terms.append((metric.field.help, [metric]))
      }
    }
    return terms.map { term in
      var words = marked(term.help)
      if let first = term.metrics.first { words += " \(sentence(first))" }
      return (term.metrics, words)
    }
  }

  private static func sentence(_ metric: Metric) -> String {
    "\(metric.betterWords.prefix(1).uppercased())\(metric.betterWords.dropFirst())."
  }

  /// `names` as code, **stress** in bold.
  private static func marked(_ help: String) -> Markup {
    var words = Markup()
    for (place, part) in help.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      words += place % 2 == 1 ? "<code>\(String(part))</code>" : stressed(String(part))
    }
    return words
  }

  private static func stressed(_ text: String) -> Markup {
    var words = Markup()
    for (place, part) in text.components(separatedBy: "**").enumerated() {
      words += place % 2 == 1 ? "<b>\(part)</b>" : "\(part)"
    }
    return words
  }

  static var list: Markup {
    var list: Markup = "<dl class=\"glossary\">\n"
    for term in terms {
      var names = Markup()
      for (place, metric) in term.metrics.enumerated() {
        names +=
          place > 0 ? ",<br><code>\(metric.rawValue)</code>" : "<code>\(metric.rawValue)</code>"
      }
      list += "<dt>\(names)</dt><dd>\(term.words)</dd>\n"
    }
    return list + "</dl>\n"
  }
}
