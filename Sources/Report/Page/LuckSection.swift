import Figures
import Study
import Sweep
import Tables
import VAE

/// How much is architecture and how much is luck: the answer in words and the figures that show it.
struct LuckSection {
  private let luck: [Luck]
  private let leftOut: [String]
  private let leftCount: Int
  private let names: ConfigurationNames

  init(
    _ found: (luck: [Luck], left: [ComparableSet.LeftOut]), names: ConfigurationNames
  ) {
    luck = found.luck
    leftCount = found.left.count
    leftOut = LuckReport(found, names: names.naming).leftOut
    self.names = names
  }

  /// More of them fold away.
  private static let maxReasons = 4

  /// Nil where there are no runs at all; why where no two configurations are comparable.
  var section: Section? {
    guard !luck.isEmpty || !leftOut.isEmpty else { return nil }
    var section = Section("luck", "Architecture or luck")
    if luck.isEmpty {
      section.paragraph(
        """
        How much is architecture and how much luck takes two configurations that can be compared, with \
        \(ComparableSet.fewestRuns) runs each.
        """)
    }
    for (place, own) in luck.enumerated() {
      let sentences = LuckSentences(own, names: names.naming)
      let tables = LuckTables(own, names: names.naming)
      // A set by itself needs no heading, but where its values are no runs.
      if luck.count > 1 || own.set.unit != .run {
        section.body += "<h3>\(sentences.about)</h3>\n"
      }
      // Where one run always shows the best there is room for what comes next.
      let answer = Array(sentences.all.prefix(max(3, sentences.answer.count)))
      section.paragraph("<b>\(answer[0])</b> \(answer.dropFirst().joined(separator: " "))")
      let few = own.set.members.filter { $0.sample.count < StripPlot.fewestForInterval }
      if !few.isEmpty {
        let told = few.map { "\(names[$0.configuration]) (n = \($0.sample.count))" }
        section.paragraph(
          """
          Fewer than \(StripPlot.fewestForInterval) \(own.set.unit.many), of which little can be said: \
          \(told.joined(separator: "; ")).
          """)
      }
      let suffix = luck.count > 1 ? "-\(place + 1)" : ""
      for figure in LuckFigures(own, names: names.naming).all {
        let link = section.add(figure.drawing, as: figure.file + suffix)
        section.body += Page.figure(
          "<div class=\"scroll\">\(figure.drawing.inline(narrowest: 560))</div>",
          caption: "\(figure.drawing.title)", links: [link])
      }
      var rest: Markup = "<ul>\n"
      for sentence in sentences.all.dropFirst(answer.count) { rest += "<li>\(sentence)</li>\n" }
      section.body += rest + "</ul>\n"
      section.body += Page.details(
        "The same in figures",
        Page.table(tables.risk) + Page.table(tables.beats) + Page.table(tables.best))
    }
    if leftOut.count > Self.maxReasons {
      var reasons: Markup = "<ul>\n"
      for reason in leftOut { reasons += "<li>\(reason)</li>\n" }
      section.body += Page.details(
        "\(leftCount) configurations are left out", reasons + "</ul>\n")
    } else {
      for reason in leftOut { section.paragraph("\(reason)") }
    }
    return section
  }
}

/// The charts of one set of comparable configurations.
struct LuckFigures {
  private let luck: Luck
  private let names: [String]

  init(_ luck: Luck, names: ConfigurationNaming) {
    self.luck = luck
    self.names = luck.set.members.map { names($0.configuration) }
  }

  private var unit: ComparableSet.Unit { luck.set.unit }

  /// Each with the name of its file.
  var all: [(file: String, drawing: Drawing)] {
    [("luck-runs", runs), ("luck-beats", beats)] + (wrong.map { [("luck-choice", $0)] } ?? []) + [
      ("luck-best", best)
    ]
  }

  private var runs: Drawing {
    RunStrips(
      rows: zip(names, luck.set.members).map { RunStrips.Row(name: $0, sample: $1.sample) },
      measure: luck.set.metric.axisTitle, decimals: luck.set.metric.decimals,
      isHigherBetter: luck.set.isHigherBetter,
      title:
        "Every \(unit.one) as a dot, means as bars, the best first: what lies between the "
        + "rows goes with the configuration, what lies within a row is luck"
    ).drawing
  }

  /// More names than these would be most of the page: cells name their row and column by number.
  private static let maxNamed = 14

  private var beats: Drawing {
    let called =
      names.count > Self.maxNamed ? names.indices.map { "\($0 + 1)" } : names
    var cells = names.map { _ in names.map { _ in BeatMatrix.Cell?.none } }
    for pair in luck.beats {
      let (a, b) = (called[pair.first], called[pair.second])
      let interval = pair.interval
      func words(_ probability: Double, _ lower: Double?, _ upper: Double?) -> String {
        guard let lower, let upper else { return probability.shown(decimals: 3) }
        return "\(probability.shown(decimals: 3)), 95 % interval \(lower.shown(decimals: 3)) to "
          + upper.shown(decimals: 3)
      }
      let p = pair.probability
      cells[pair.first][pair.second] = BeatMatrix.Cell(
        probability: p,
        words: "a run of \(a) beats one of \(b): "
          + words(p, interval?.lower, interval?.upper))
      cells[pair.second][pair.first] = BeatMatrix.Cell(
        probability: 1 - p,
        words: "a run of \(b) beats one of \(a): "
          + words(1 - p, interval.map { 1 - $0.upper }, interval.map { 1 - $0.lower }))
    }
    return BeatMatrix(
      names: names, cells: cells,
      title: "How likely a \(unit.one) of one configuration beats a \(unit.one) of another"
    ).drawing
  }

  /// Nil where one run of each is always right.
  private var wrong: Drawing? {
    guard let risk = luck.risk, risk.steps.contains(where: { $0.wrong > 0 }) else { return nil }
    let points = risk.steps.map { (k: $0.k, value: 100 * $0.wrong) }
    return RunBudgetCurves(
      curves: [RunBudgetCurves.Curve(name: "wrong choice", points: points)],
      measure: "wrong choices (%)", decimals: 1, limit: 100 * ChoiceRisk.accepted,
      title:
        "How often the best of single \(unit.many), or of means of k, is not the best on average; "
        + "the line is 5 %"
    ).drawing
  }

  private var best: Drawing {
    let curves = zip(names, luck.best).map { name, own in
      RunBudgetCurves.Curve(name: name, points: own.map { (k: $0.k, value: $0.expected) })
    }
    return RunBudgetCurves(
      curves: curves,
      measure: luck.set.metric.isLoss ? "expected best (nats per image)" : "expected best",
      decimals: luck.set.metric.decimals,
      title: "What the best of k \(unit.many) is expected to be"
    ).drawing
  }
}
