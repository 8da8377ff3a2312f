package import Sweep
package import VAE

/// What share of the variance over seeds one unit in the last place of one weight gives by itself.
///
/// Runs that differ in nothing but which weight was perturbed, at the start of one epoch, are redraws of
/// their seeds: the share is what the seeds leave of the variance, 1 − the intraclass correlation of
/// runs that share their seeds (see `VarianceComponent`).
package struct PerturbationShare: Hashable, Sendable {
  package struct Share: Hashable, Sendable {
    package let value: Double
    /// By a bootstrap of whole seeds.
    package let interval: Interval?
    /// Searle's F interval, exact on normal figures; nil unless every seed has as many runs.
    package let exact: Interval?

    init(_ component: VarianceComponent) {
      func rest(_ interval: Interval?) -> Interval? {
        interval.flatMap { Interval(1 - $0.upper, 1 - $0.lower) }
      }
      value = 1 - component.share
      self.interval = rest(component.interval)
      exact = rest(component.exactInterval)
    }
  }

  /// The configuration that was perturbed.
  package let configuration: Configuration
  /// From 0.
  package let epoch: Int
  package let seeds: Int
  /// The fewest runs of any seed.
  package let perturbations: Int
  /// Standard deviation over all runs, and within the seeds alone.
  package let sd: Double
  package let sdWithinSeeds: Double
  package let metric: Share
  /// Of "any latent collapsed" as 0 and 1; nil where it does not vary or has no meaning.
  package let anyCollapse: Share?
  /// What the reader must know to trust the shares.
  package let notes: [String]

  /// Every configuration and epoch of which at least two seeds have perturbed runs, in the order in
  /// which they are first met.
  package static func all(
    _ configurations: [ConfigurationRuns], metric: Metric,
    collapseThreshold: Double = Sweep.collapseThreshold, resampling: Resampling = .percentiles
  ) -> [PerturbationShare] {
    var families: [(configuration: Configuration, epoch: Int, members: [ConfigurationRuns])] = []
    for runs in configurations {
      guard let perturbation = runs.configuration.perturbation,
        let plain = runs.configuration.unperturbed
      else { continue }
      let place = families.firstIndex {
        $0.configuration == plain && $0.epoch == perturbation.epoch
      }
      if let place {
        families[place].members.append(runs)
      } else {
        families.append((plain, perturbation.epoch, [runs]))
      }
    }
    return families.compactMap { family in
      PerturbationShare(
        family.members, of: family.configuration, epoch: family.epoch, metric: metric,
        collapseThreshold, resampling)
    }
  }

  private init?(
    _ members: [ConfigurationRuns], of configuration: Configuration, epoch: Int, metric: Metric,
    _ threshold: Double, _ resampling: Resampling
  ) {
    func groups(_ value: (Run) -> Double?) -> [[Double]] {
      var groups: [Seeds: [Double]] = [:]
      for run in members.flatMap(\.runs) {
        if let value = value(run) { groups[run.seeds, default: []].append(value) }
      }
      return groups.sorted { Seeds.precedes($0.key, $1.key) }.map(\.value)
    }
    let values = groups { $0.values[metric] }
    guard let component = VarianceComponent(values, resampling: resampling),
      let sd = Sample(values.flatMap(\.self)).standardDeviation
    else { return nil }
    let collapse = groups { run in
      run.collapsed(threshold: threshold).map { $0 > 0 ? 1 : 0 }
    }
    self.configuration = configuration
    self.epoch = epoch
    seeds = component.levels
    perturbations = component.redraws
    self.sd = sd
    sdWithinSeeds = Self.sdWithin(values)
    self.metric = Share(component)
    anyCollapse = VarianceComponent(collapse, resampling: resampling).map(Share.init)
    notes = Self.notes(members, component)
  }

  private static func sdWithin(_ groups: [[Double]]) -> Double {
    var (squares, freedom) = (0.0, 0.0)
    for group in groups {
      let own = Sample(group).standardDeviation ?? 0
      squares += own * own * Double(group.count - 1)
      freedom += Double(group.count - 1)
    }
    return (squares / freedom).squareRoot()
  }

  private static func notes(_ members: [ConfigurationRuns], _ component: VarianceComponent)
    -> [String]
  {
    var notes: [String] = []
    let fingerprints = members.reduce(into: Set<String>()) { $0.formUnion($1.fingerprints) }
    if fingerprints.count > 1 {
      notes.append("\(fingerprints.count) fingerprints: not to be trusted")
    }
    let lost = members.reduce(0) { $0 + $1.counts.diverged + $1.counts.failed }
    let missing = members.reduce(0) { $0 + $1.counts.missing }
    if lost > 0 { notes.append("\(lost) diverged or failed runs left out") }
    if missing > 0 { notes.append("\(missing) runs missing") }
    if component.isTooSmall {
      notes.append(
        "fewer than \(VarianceComponent.fewestLevels) seeds or "
          + "\(VarianceComponent.fewestRedraws) perturbations")
    }
    return notes
  }
}

extension Configuration {
  /// The same without its perturbation.
  fileprivate var unperturbed: Configuration? {
    var values = values
    values[.perturb] = nil
    return try? Configuration(architecture: architecture, values, from: .record)
  }
}
