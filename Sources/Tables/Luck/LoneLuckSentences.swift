package import Study
import Sweep
import VAE

/// The luck of a configuration that no other can be held against, in words that are read once.
package struct LoneLuckSentences {
  private let luck: LoneLuck
  private let name: String

  package init(_ luck: LoneLuck, names: ConfigurationNaming) {
    self.luck = luck
    name = names(luck.runs.configuration)
  }

  /// What the figures are about.
  package var about: String {
    let (missing, planned) = (luck.runs.counts.missing, luck.runs.counts.planned)
    let waiting = missing > 0 ? ", \(missing) of \(planned.of("run")) still missing" : ""
    return "\(name) by itself, \(luck.sample.count.of("run"))\(waiting); \(luck.metric.withUnit)"
  }

  /// The answer first, then what it rests on.
  package var all: [String] { answer + beside }

  /// Three sentences at most: that all is luck and how much, and what it goes with.
  package var answer: [String] { [spread, seeds, collapse].compactMap(\.self) }

  private var spread: String {
    let (sample, metric) = (luck.sample, luck.metric)
    func shown(_ value: Double?) -> String { (value ?? 0).shown(decimals: metric.decimals) }
    let runs =
      sample.count.of("run")
      + (luck.levels.first.map { first in
        " of \(luck.levels.count) levels of \(first.factor.rawValue)"
      } ?? "")
    guard let deviation = luck.standardDeviation else {
      return
        "No run of \(name) differs from another in \(metric.rawValue): there is nothing to explain."
    }
    let why = luck.reason.map { "is in no comparison (\($0))" } ?? "has nothing to be compared with"
    let least = 0.5 * (0..<metric.decimals).reduce(1) { unit, _ in unit / 10 }
    guard deviation >= least else {
      return "\(name) \(why): what differs between its runs is luck, an sd below "
        + "\(shown(2 * least))\(metric.suffix) over \(runs)."
    }
    return
      "\(name) \(why): what differs between its runs is luck, an sd of \(shown(deviation))"
      + "\(metric.suffix) over \(runs), from \(shown(sample.minimum)) to \(shown(sample.maximum))."
  }

  private var seeds: String? {
    guard let variance = luck.seeds, luck.standardDeviation != nil else { return nil }
    let sources = variance.sources.filter { $0.metric != nil }
    if case .nested = variance.design, let source = sources.first, let share = source.metric,
      share.isBelowZero
    {
      return
        "None of this luck is seen to go with \(source.name): its share is estimated at "
        + "\(share.estimate), below 0 as chance gives where there is nothing."
    }
    let own = foldsInteractions ? self.sources(of: 1) : sources
    guard let parts = Self.parts(own, \.metric) else { return nil }
    return "Of this luck \(parts)\(rest(of: variance.design))."
  }

  /// Whether a sentence of all sources would be too long to be read once.
  private var foldsInteractions: Bool { (luck.seeds?.sources.count ?? 0) > Self.mostSources }

  private static let mostSources = 3

  /// Single seeds, or interactions of so many.
  private func sources(of count: Int) -> [SeedVariance.Source] {
    (luck.seeds?.sources ?? []).filter { $0.factors.count == count }
  }

  /// What goes with each; nil where there is none.
  private static func parts(
    _ sources: [SeedVariance.Source], _ share: KeyPath<SeedVariance.Source, SeedVariance.Share?>
  ) -> String? {
    let parts = sources.compactMap { source in
      source[keyPath: share].map { "\($0.figure) goes with \(source.name)" }
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// What is left beside the seed of a nested design.
  private func rest(of design: SeedVariance.Design) -> String {
    guard case .nested(let factor, _, _) = design else {
      // Untruncated shares of the seeds alone may be more than all of it.
      let alone = sources(of: 1).reduce(0) { $0 + ($1.metric?.value ?? 0) }
      return foldsInteractions && alone < 1 ? ", the rest with several of them together" : ""
    }
    let others = luck.runs.seedFactors.filter {
      $0 != factor && !luck.runs.heldSeeds.contains($0)
    }
    guard !others.isEmpty else { return "" }
    return ", the rest with \(others.map(\.rawValue).joined(separator: " and ")), by themselves or "
      + "together with it"
  }

  private var collapse: String? {
    guard let share = luck.shareByCollapse, share > 0 else { return nil }
    return
      "About \(share.percent) of it goes with how many latents collapsed (corrected for how many "
      + "numbers occur)."
  }

  private var beside: [String] {
    var told: [String] = []
    let sources = luck.standardDeviation == nil ? [] : luck.seeds?.sources ?? []
    if foldsInteractions, !sources.isEmpty,
      let parts = Self.parts(self.sources(of: 2) + self.sources(of: 3), \.metric)
    {
      told.append("With several seeds together: \(parts).")
    }
    for exact in sources.compactMap({ $0.metric?.exact }) {
      told.append(
        "The interval of the share is a bootstrap of levels; by Searle's F, exact for normal "
          + "figures, it is\(ShareExplained.words(exact)).")
    }
    if !sources.isEmpty,
      let parts = Self.parts(foldsInteractions ? self.sources(of: 1) : sources, \.anyCollapse)
    {
      told.append("Of whether any latent collapses, \(parts).")
    }
    told += luck.cautions.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    return told
  }
}
