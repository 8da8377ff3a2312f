package import Study
package import Sweep
import VAE

/// How many seeds each configuration needs, judged from what a store holds as a pilot.
package struct SeedTable {
  /// How narrow the intervals are to be; nil where it is not asked for.
  package struct Aim: Hashable, Sendable {
    /// Of the mean's interval, upper end less lower, in the metric's unit.
    package var meanWidth: Double?
    /// Of the standard deviation's interval, as a multiple of the deviation.
    package var deviationWidth: Double?

    package init(meanWidth: Double? = nil, deviationWidth: Double? = nil) {
      self.meanWidth = meanWidth
      self.deviationWidth = deviationWidth
    }
  }

  private let configurations: [ConfigurationRuns]
  private let metric: Metric
  private let aim: Aim

  package init(
    _ configurations: [ConfigurationRuns], metric: Metric = .testTotalLast5, aim: Aim
  ) {
    self.configurations = configurations
    self.metric = metric
    self.aim = aim
  }

  package var table: Table {
    var columns: [Column] = [
      "configuration", .number("pilot_runs", title: "pilot runs"), .number("diverged"),
      .number("failed"), .number("missing"), .number("sd", decimals: 3),
    ]
    var caption = [
      "seeds needed, from \(metric.rawValue) of the runs in the store; "
        + "inference is over seeds, given this split into training and test images"
    ]
    if let width = aim.meanWidth {
      columns.append(.number("seeds_for_mean", title: "for the mean"))
      columns.append(.number("seeds_for_mean_cautious", title: "cautious"))
      caption.append(
        "for the mean: a 95 % interval \(width)\(metric.suffix) wide; cautious: if the true sd is the upper end "
          + "of its interval")
    }
    if let width = aim.deviationWidth {
      columns.append(.number("seeds_for_sd", title: "for the sd"))
      caption.append("for the sd: a 95 % interval \(width) times the sd wide")
    }
    columns.append("note")
    var table = Table(
      caption: caption, columns: columns, empty: "no configuration is planned")
    let names = configurations.map(\.configuration)
    for runs in configurations {
      let sample = runs.units(metric)
      let counts = runs.counts
      var row: [Cell] = [
        .text(runs.configuration.told(apartFrom: names)), .integer(sample.count),
        .integer(counts.diverged), .integer(counts.failed), .integer(counts.missing),
        Cell(sample.standardDeviation),
      ]
      if let width = aim.meanWidth {
        row.append(seeds(sample.standardDeviation, width))
        row.append(seeds(Interval.ofDeviation(sample)?.upper, width))
      }
      if let width = aim.deviationWidth {
        row.append(
          sample.count < 2
            ? .empty : Cell(SeedPlan.forDeviation(relativeWidth: width, pilot: sample)))
      }
      table.append(row + [.text(note(runs, sample))])
    }
    return table
  }

  private func seeds(_ deviation: Double?, _ width: Double) -> Cell {
    Cell(deviation.flatMap { SeedPlan.forMean(width: width, deviation: $0) })
  }

  private func note(_ runs: ConfigurationRuns, _ sample: Sample) -> String {
    guard sample.count >= 2 else {
      return runs.standing.isTied
        ? runs.standing.words ?? "" : "a pilot takes two runs at least"
    }
    var notes = [runs.counts.caution()].compactMap(\.self)
    if sample.count < Interval.fewestForDeviation { notes.append("few runs: sd uncertain") }
    notes += runs.caveats(metric)
    if let deviation = sample.standardDeviation, let width = aim.meanWidth,
      SeedPlan.forMean(width: width, deviation: deviation) == nil
    {
      notes.append("more than \(SeedPlan.most) seeds")
    }
    return notes.joined(separator: "; ")
  }
}
