package import Study
import Sweep
import VAE

/// One question of a comparison with its answer: a figure, its interval, its test, and a sentence.
package struct ComparisonRow {
  package let question: ConfigurationComparison.Question
  /// What `estimate` is.
  package let effect: String
  package var estimate: Double?
  package var interval: Interval?
  package let test: String
  /// Figures that stand beside, by name.
  var beside: [JSONValue.Member] = []
  /// What the reader must know to trust the figures.
  package var notes: [String] = []
  package var sentence: String
  /// Whether few runs make most of what is told, so that it is not to be stressed.
  package var isDoubtful = false

  init(
    _ question: ConfigurationComparison.Question, effect: String, test: String, sentence: String
  ) {
    self.question = question
    self.effect = effect
    self.test = test
    self.sentence = sentence
  }
}

/// Puts the rows of a comparison into words.
package struct ComparisonRows {
  let comparison: ConfigurationComparison
  let first: String
  let second: String

  /// - Parameter names: What the place where the rows stand calls configurations; by default they are
  ///   told apart from each other alone.
  package init(_ comparison: ConfigurationComparison, names: ConfigurationNaming? = nil) {
    self.comparison = comparison
    let names = names ?? comparison.names
    first = names(comparison.first.configuration)
    second = names(comparison.second.configuration)
  }

  /// A row for each question that can be asked of these two configurations.
  package var all: [ComparisonRow] {
    let sampled =
      comparison.first.configuration.sampling && comparison.second.configuration.sampling
    let alike =
      comparison.first.configuration.architecture == comparison.second.configuration.architecture
    let rows =
      [mean] + (alike ? [paired] : []) + [order, spread]
      + (sampled ? [anyCollapse, collapsedCount] : [])
    return rows.map { row in
      var row = row
      let told = row.disagreement(pValue: comparison.pValue(row.question))
      if let told { row.sentence += " \(told)" }
      return row
    }
  }

  var metric: String { comparison.metric.rawValue }

  private var unit: String { comparison.metric.isLoss ? ", nats" : "" }

  private var mean: ComparisonRow {
    var row = ComparisonRow(
      .mean, effect: "difference of means" + unit, test: "Welch t",
      sentence: "The means of \(first) and \(second) can't be compared: \(absence).")
    guard let mean = comparison.mean, let interval = mean.interval() else { return row }
    row.estimate = mean.value
    row.interval = interval
    row.sentence =
      "The mean \(metric) of \(first) is \(above(mean.value)) that of \(second)"
      + directed(interval) + "." + rewardsCollapse
    row.notes = caveats(comparison.first, first) + caveats(comparison.second, second)
    return row
  }

  private var collapseAbsence: String {
    comparison.dependence.map { "they are counted run by run, and \($0)" }
      ?? "that takes a run of each"
  }

  /// What stands behind an energy distance: it is smallest where all latents collapsed.
  private var rewardsCollapse: String {
    guard comparison.metric == .coverage || comparison.metric == .coverageWhitened,
      let own = collapse(comparison.first)?.mean, let other = collapse(comparison.second)?.mean
    else { return "" }
    return " A collapsed latent is closest to the prior of all: on average \(own.figure) and "
      + "\(other.figure) latents collapsed."
  }

  private var paired: ComparisonRow {
    var row = ComparisonRow(
      .pairedMean, effect: "mean difference of pairs" + unit, test: "sign flip",
      sentence: "\(first) and \(second) can't be compared seed by seed: that takes two shared "
        + "seeds whose differences are not all equal.")
    guard let paired = comparison.paired, let interval = paired.difference.interval()
    else { return row }
    row.estimate = paired.difference.value
    row.interval = interval
    row.beside = [
      JSONValue.Member("pairs", .int(paired.pairs)),
      JSONValue.Member("correlation", JSONValue(paired.correlation)),
      JSONValue.Member("paired_t_p", JSONValue(paired.difference.pValue())),
    ]
    row.notes = caveats(comparison.first, first) + caveats(comparison.second, second)
    if !paired.canReject {
      row.notes.append(
        "no p: a sign flip of \(paired.pairs) pairs cannot go below \(paired.smallestSignFlip.figure)"
      )
    }
    let correlation = paired.correlation.map { "; the two correlate at \($0.figure)" } ?? ""
    row.sentence =
      "On the same \(paired.pairs) seeds, \(first) is on average "
      + "\(above(paired.difference.value)) \(second)" + directed(interval)
      + correlation + "."
      + (paired.canReject
        ? ""
        : " A sign flip of so few pairs cannot go below p = \(paired.smallestSignFlip.figure).")
    return row
  }

  private var order: ComparisonRow {
    var row = ComparisonRow(
      .order, effect: "P(\(value) of A below \(value) of B)", test: "Brunner–Munzel",
      sentence: "The \(value)s of \(first) and \(second) can't be put in order: \(absence).")
    guard let order = comparison.order else { return row }
    row.estimate = order.probability
    row.interval = order.interval
    if order.isSeparated {
      let words = order.probability == 1 ? "below" : "above"
      row.sentence =
        "Every \(value) of \(first) lies \(words) every \(value) of \(second) in \(metric): the "
        + "probability that a \(value) lies below is \(order.probability.figure)"
        + Self.within(order.interval, nothing: 0.5) + "."
      row.notes = ["the interval is Clopper–Pearson's for disjoint pairs"]
    } else {
      row.sentence =
        "A \(value) of \(first) has a lower \(metric) than a \(value) of \(second) with probability "
        + order.probability.figure + Self.within(order.interval, nothing: 0.5) + "."
    }
    return row
  }

  private var anyCollapse: ComparisonRow {
    var row = ComparisonRow(
      .anyCollapse, effect: "difference of shares with any collapse", test: "Boschloo",
      sentence: "Collapse can't be compared: \(collapseAbsence).")
    guard let shares = comparison.anyCollapse,
      let own = collapse(comparison.first), let other = collapse(comparison.second)
    else { return row }
    row.estimate = shares.difference
    row.interval = shares.interval
    let points = shares.interval.map { interval in
      let none = interval.lower <= 0 && interval.upper >= 0 ? ", which includes 0" : ""
      return "; 95 % interval of the difference \((100 * interval.lower).shown(decimals: 0)) to "
        + "\((100 * interval.upper).shown(decimals: 0)) points\(none)"
    }
    row.sentence =
      "At least one latent collapsed (Var(μ) < \(comparison.collapseThreshold)) in \(own.any.count) of \(own.n) runs of \(first) and in "
      + "\(other.any.count) of \(other.n) of \(second)" + (points ?? "") + "."
    return row
  }

  private var collapsedCount: ComparisonRow {
    var row = ComparisonRow(
      .collapsedCount, effect: "difference of mean collapsed latents", test: "permutation",
      sentence: "Numbers of collapsed latents can't be compared: \(collapseAbsence).")
    guard let counts = comparison.collapsed, let own = collapse(comparison.first)?.mean,
      let other = collapse(comparison.second)?.mean
    else { return row }
    row.estimate = counts.difference
    row.interval = counts.interval
    row.sentence =
      "On average \(own.figure) latents of \(first) and \(other.figure) of \(second) collapsed"
      + countInterval(counts.interval) + "."
    return row
  }

  /// What stands behind the two means: where no run differs from another there is nothing to infer.
  private func countInterval(_ interval: Interval?) -> String {
    guard let interval else {
      let counts = [comparison.first, comparison.second].map(\.runs.count)
      return (counts.min() ?? 0) < 2
        ? Self.tooFew
        : " (the same number in all \(counts[0]) and in all \(counts[1]) runs: no interval)"
    }
    let none = interval.lower <= 0 && interval.upper >= 0 ? ", which includes 0" : ""
    return "; 95 % interval of the difference \(interval.figure)\(none)"
  }

  func collapse(_ runs: ConfigurationRuns) -> CollapseSummary? {
    runs.collapsed(threshold: comparison.collapseThreshold).map { CollapseSummary(counts: $0) }
  }
}
