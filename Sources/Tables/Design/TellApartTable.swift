package import Study
import Sweep
import VAE

/// How many seeds it takes to tell the means of two configurations apart, judged from a pilot.
package struct TellApartTable {
  private let comparison: ConfigurationComparison
  private let power: Double

  /// - Parameter power: The chance, below 1, of a two-sided 5 % test that finds the difference.
  package init(_ comparison: ConfigurationComparison, power: Double) {
    self.comparison = comparison
    self.power = power
  }

  package var table: Table {
    let both = [comparison.first, comparison.second]
    let sides = both.map { ComparedSide($0, in: comparison) }
    var table = Table(
      caption: [
        "seeds per configuration to tell the mean \(comparison.metric.rawValue) of \(sides[0].name) and "
          + "\(sides[1].name) apart with power \(power)",
        "cautious: if the true difference is the end of its 95 % interval that lies nearer zero; a "
          + "pilot's difference is uncertain, and one that was picked for its size is too large",
        "inference is over seeds, given this split into training and test images",
      ] + cautions,
      columns: [
        "design", .number("pilot_runs_a", title: "pilot runs, A"),
        .number("pilot_runs_b", title: "B"), .number("difference"),
        Column("ci95", title: "95 % interval"), .number("seeds"),
        .number("seeds_cautious", title: "cautious"), "note",
      ])
    let samples = both.map { $0.units(comparison.metric) }
    let deviations = (samples[0].standardDeviation ?? 0, samples[1].standardDeviation ?? 0)
    table.append(
      row(
        "independent seeds (Welch)", comparison.mean, samples.map(\.count)
      ) { SeedPlan.toTellApart(difference: $0, deviations: deviations, power: power) })
    if let paired = comparison.paired {
      let deviation = paired.difference.standardError * Double(paired.pairs).squareRoot()
      table.append(
        row(
          "shared seeds (paired t)", paired.difference, [paired.pairs, paired.pairs]
        ) { SeedPlan.toTellApart(pairedDifference: $0, deviation: deviation, power: power) })
    }
    return table
  }

  /// Of each side that lost so many runs that those left may not stand for all or whose spread hangs on a
  /// few of them, and that runs are none by themselves.
  private var cautions: [String] {
    let sides = [comparison.first, comparison.second].map { ComparedSide($0, in: comparison) }
    let modes = sides.compactMap { side in
      side.runs.variance(
        of: comparison.metric, collapseThreshold: comparison.collapseThreshold
      )?.caveat.map { "\(side.name): \($0)" }
    }
    return sides.compactMap(\.caution) + modes + [comparison.dependence].compactMap(\.self)
  }

  /// For a program with what a person reads above the table.
  private func note(_ own: [String]) -> Cell {
    .value(
      .string((own + cautions).joined(separator: "; ")), shown: own.joined(separator: "; "))
  }

  private func row(
    _ design: String, _ estimate: Estimate?, _ runs: [Int], _ seeds: (Double) -> Int?
  ) -> [Cell] {
    guard let estimate, let interval = estimate.interval() else {
      return [.text(design), .integer(runs[0]), .integer(runs[1]), nil, nil, nil, nil]
        + [note(["a pilot takes two runs of each, not all equal"])]
    }
    let nearest = interval.lower > 0 ? interval.lower : interval.upper < 0 ? interval.upper : nil
    let found = seeds(estimate.value)
    var notes: [String] = []
    if nearest == nil { notes = ["the pilot does not exclude that there is no difference"] }
    if found == nil { notes = ["more than \(SeedPlan.most) seeds"] }
    return [
      .text(design), .integer(runs[0]), .integer(runs[1]), Cell(figure: estimate.value),
      Cell(interval), Cell(found), Cell(nearest.flatMap(seeds)), note(notes),
    ]
  }
}
