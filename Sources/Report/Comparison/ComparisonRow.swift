import Study
import Sweep
import VAE

/// One question of a comparison with its answer: a figure, its interval, its test, and a sentence.
struct ComparisonRow {
  let question: ConfigurationComparison.Question
  /// What `estimate` is.
  let effect: String
  var estimate: Double?
  var interval: Interval?
  let test: String
  /// Figures that stand beside, by name.
  var beside: [JSONValue.Member] = []
  /// What the reader must know to trust the figures.
  var notes: [String] = []
  var sentence: String

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
struct ComparisonRows {
  private let comparison: ConfigurationComparison
  private let first: String
  private let second: String

  init(_ comparison: ConfigurationComparison) {
    self.comparison = comparison
    let both = [comparison.first.configuration, comparison.second.configuration]
    first = both[0].told(apartFrom: both)
    second = both[1].told(apartFrom: both)
  }

  /// A row for each question that can be asked of these two configurations.
  var all: [ComparisonRow] {
    let sampled =
      comparison.first.configuration.sampling && comparison.second.configuration.sampling
    let alike =
      comparison.first.configuration.architecture == comparison.second.configuration.architecture
    return [mean] + (alike ? [paired] : []) + [order, spread]
      + (sampled ? [anyCollapse, collapsedCount] : [])
  }

  private var metric: String { comparison.metric.rawValue }

  private var unit: String { comparison.metric.isLoss ? ", nats" : "" }

  private var mean: ComparisonRow {
    var row = ComparisonRow(
      .mean, effect: "difference of means" + unit, test: "Welch t",
      sentence: "The means of \(first) and \(second) can't be compared: that takes two runs of "
        + "each, not all equal.")
    guard let mean = comparison.mean, let interval = mean.interval() else { return row }
    row.estimate = mean.value
    row.interval = interval
    row.sentence =
      "The mean \(metric) of \(first) is \(above(mean.value)) that of \(second)"
      + Self.within(interval, nothing: 0) + "."
    return row
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
    let correlation = paired.correlation.map { "; the two correlate at \($0.figure)" } ?? ""
    row.sentence =
      "On the same \(paired.pairs) seeds, \(first) is on average "
      + "\(above(paired.difference.value)) \(second)" + Self.within(interval, nothing: 0)
      + correlation + "."
    return row
  }

  private var order: ComparisonRow {
    var row = ComparisonRow(
      .order, effect: "P(run of A below run of B)", test: "Brunner–Munzel",
      sentence: "The runs of \(first) and \(second) can't be put in order: that takes two runs of "
        + "each, not all equal.")
    guard let order = comparison.order else { return row }
    row.estimate = order.probability
    row.interval = order.interval
    if order.isSeparated {
      let words = order.probability == 1 ? "below" : "above"
      row.sentence = "Every run of \(first) lies \(words) every run of \(second) in \(metric)."
      row.notes = ["the interval is Clopper–Pearson's for disjoint pairs"]
    } else {
      row.sentence =
        "A run of \(first) has a lower \(metric) than a run of \(second) with probability "
        + order.probability.figure + Self.within(order.interval, nothing: 0.5) + "."
    }
    return row
  }

  private var spread: ComparisonRow {
    var row = ComparisonRow(
      .spread, effect: "ratio of standard deviations", test: "permutation of ln s² ratio",
      sentence: "The spreads of \(first) and \(second) can't be compared: that takes two runs of "
        + "each, not all equal.")
    guard let spread = comparison.spread else { return row }
    row.estimate = spread.ratio
    row.interval = spread.interval
    row.beside = [JSONValue.Member("brown_forsythe_p", JSONValue(spread.brownForsythe))]
    if spread.isTooSmall {
      row.notes.append("n too small: fewer than \(SpreadComparison.fewest) runs on a side")
    }
    row.notes += caveats(comparison.first, first) + caveats(comparison.second, second)
    let deviations = [comparison.first, comparison.second].map {
      $0.sample(comparison.metric).standardDeviation?.figure ?? "–"
    }
    row.sentence =
      "Over seeds \(first) varies \(spread.ratio.figure) times as much as \(second): standard "
      + "deviations \(deviations[0]) and \(deviations[1])\(comparison.metric.suffix)"
      + Self.within(spread.interval, nothing: 1) + "."
    return row
  }

  private var anyCollapse: ComparisonRow {
    var row = ComparisonRow(
      .anyCollapse, effect: "difference of shares with any collapse", test: "Boschloo",
      sentence: "Collapse can't be compared: that takes a run of each.")
    guard let shares = comparison.anyCollapse,
      let own = collapse(comparison.first), let other = collapse(comparison.second)
    else { return row }
    row.estimate = shares.difference
    row.interval = shares.interval
    let points = shares.interval.map { interval in
      let none = interval.lower <= 0 && interval.upper >= 0 ? ", which includes none" : ""
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
      sentence: "Numbers of collapsed latents can't be compared: that takes a run of each.")
    guard let counts = comparison.collapsed, let own = collapse(comparison.first)?.mean,
      let other = collapse(comparison.second)?.mean
    else { return row }
    row.estimate = counts.difference
    row.interval = counts.interval
    row.sentence =
      "On average \(own.figure) latents of \(first) and \(other.figure) of \(second) collapsed"
      + Self.within(counts.interval, nothing: 0) + "."
    return row
  }

  private func collapse(_ runs: ConfigurationRuns) -> CollapseSummary? {
    runs.collapsed(threshold: comparison.collapseThreshold).map { CollapseSummary(counts: $0) }
  }

  private func caveats(_ runs: ConfigurationRuns, _ name: String) -> [String] {
    guard let collapse = collapse(runs), let caveat = collapse.deviationCaveat else { return [] }
    guard !collapse.rareModes.isEmpty else { return ["\(name): \(caveat)"] }
    let told = collapse.rareModes.map { count in
      "\(count) collapsed in \(collapse.histogram[count] ?? 0) of \(collapse.n) runs"
    }
    return ["\(name): \(caveat) (\(told.joined(separator: ", ")))"]
  }

  private func above(_ difference: Double) -> String {
    "\(abs(difference).figure)\(comparison.metric.suffix) \(difference < 0 ? "below" : "above")"
  }

  /// ` (95 % interval 0.50 to 2.10)`, saying so where it includes the value of no difference.
  private static func within(_ interval: Interval?, nothing: Double) -> String {
    guard let interval else { return " (too few runs for an interval)" }
    let none = interval.lower <= nothing && interval.upper >= nothing
    return " (95 % interval \(interval.figure)\(none ? ", which includes no difference" : ""))"
  }
}
