import Study
import Sweep

extension ComparisonRows {
  /// The ratio of standard deviations, with what is left of it where few runs make most of a spread.
  var spread: ComparisonRow {
    var row = ComparisonRow(
      .spread, effect: "ratio of standard deviations", test: "permutation of ln s² ratio",
      sentence: "The spreads of \(first) and \(second) can't be compared: \(absence).")
    guard let spread = comparison.spread else { return row }
    let caution = comparison.spreadCaution
    row.estimate = spread.ratio
    row.interval = spread.interval
    row.beside = [
      JSONValue.Member("brown_forsythe_p", JSONValue(spread.brownForsythe)),
      JSONValue.Member("mean_centred_p", JSONValue(spread.meanCentred)),
      JSONValue.Member("median_centred_p", JSONValue(spread.medianCentred)),
      JSONValue.Member("ratio_without_outermost", JSONValue(caution?.ratioWithoutOutermost)),
    ]
    if spread.isTooSmall {
      row.notes.append("n too small: fewer than \(SpreadComparison.fewest) runs on a side")
    }
    row.notes += caveats(comparison.first, first) + caveats(comparison.second, second)
    var less = ""
    if let caution {
      row.isDoubtful = true
      let ratio = caution.ratioWithoutOutermost?.figure
      less =
        ratio.map { " (\($0) times without the outermost \(value) of each)" }
        ?? " (without the outermost \(value) of each a side does not vary)"
      row.notes.append(
        "few runs make the spread: centred on the means the permutation has "
          + spread.meanCentred.probability(as: "p") + ", on the medians "
          + spread.medianCentred.probability(as: "p") + "; the larger counts")
    }
    let deviations = [comparison.first, comparison.second].map {
      $0.units(comparison.metric).standardDeviation?.figure ?? "–"
    }
    row.sentence =
      "Over seeds \(first) varies \(spread.ratio.figure) times as much as \(second)\(less): standard "
      + "deviations \(deviations[0]) and \(deviations[1])\(comparison.metric.suffix)"
      + (spread.interval == nil ? noInterval : Self.within(spread.interval, nothing: 1)) + "."
      + stoppedOn
    return row
  }

  /// What has a value: a run, or a level where runs of a side share seeds.
  var value: String {
    [comparison.first, comparison.second].contains(where: \.isOfLevels) ? "level" : "run"
  }

  /// Names the sides whose standard deviation decided when to stop.
  private var stoppedOn: String {
    zip([first, second], [comparison.first, comparison.second])
      .filter { $0.1.looks?.biasesDeviation == true }
      .map { " The standard deviation of \($0.0) was stopped on: it is too small on average." }
      .joined()
  }

  /// The jackknife takes ten runs, and a side that varies also without any one of them.
  private var noInterval: String {
    let fewest = [comparison.first, comparison.second].map { $0.units(comparison.metric).count }
      .min()
    return (fewest ?? 0) < Interval.fewestForDeviation
      ? Self.tooFew : " (no interval: all \(value)s of a side but one are equal)"
  }

  func caveats(_ runs: ConfigurationRuns, _ name: String) -> [String] {
    runs.caveats(comparison.metric, collapseThreshold: comparison.collapseThreshold)
      .map { "\(name): \($0)" }
  }
}
