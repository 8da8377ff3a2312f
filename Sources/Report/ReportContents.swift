package import Study
package import Sweep
package import VAE

/// What a store holds for a report, gathered outcome by outcome.
package struct ReportContents {
  /// A sweep as it stands in the store.
  package struct StoredSweepText: Hashable, Sendable {
    package let name: String
    package let dataset: String
    package let yaml: String

    package init(name: String, dataset: String, yaml: String) {
      self.name = name
      self.dataset = dataset
      self.yaml = yaml
    }
  }

  package let sweeps: [StoredSweepText]
  package let datasetDigest: String
  package let trainerVersion: Int
  package let collapseThreshold: Double
  package let resampling: Resampling
  /// What points it is about have, such as `latent_dim=4`; empty for all.
  package var part: [String] = []
  private(set) var origins = Origins()
  private(set) var runs: [Configuration: [ReportedRun]] = [:]
  private var collection: RunCollection
  private var summary: SweepSummary
  private var gathered: (runs: [ConfigurationRuns], summaries: [ConfigurationSummary])?

  package init(
    sweeps: [StoredSweepText], datasetDigest: String, trainerVersion: Int,
    planned: [Grid.PlannedConfiguration], failed: [Configuration: Int] = [:],
    collapseThreshold: Double = Sweep.collapseThreshold, resampling: Resampling = .standard
  ) {
    self.sweeps = sweeps
    self.datasetDigest = datasetDigest
    self.trainerVersion = trainerVersion
    self.collapseThreshold = collapseThreshold
    self.resampling = resampling
    collection = RunCollection(planned: planned, failed: failed)
    summary = SweepSummary(
      planned: planned, failed: failed, collapseThreshold: collapseThreshold)
  }

  /// Puts the runs in their order, once for all sections; whatever is added later takes it back.
  mutating func gather() { gathered = (collection.all, summary.configurations) }

  package mutating func add(_ outcome: Outcome, receipt: Receipt) {
    gathered = nil
    let run = Run(outcome)
    collection.add(outcome, run, fingerprint: receipt.fingerprint)
    summary.add(outcome, run)
    origins.add(receipt)
    runs[outcome.point.configuration, default: []].append(
      ReportedRun(outcome, threshold: collapseThreshold))
  }

  /// Whether there is any outcome at all.
  package var isEmpty: Bool { runs.isEmpty }

  /// Of the sweeps, each once: an edited sweep is stored again under its name.
  var sweepNames: [String] {
    var names: [String] = []
    for sweep in sweeps where !names.contains(sweep.name) { names.append(sweep.name) }
    return names
  }

  var configurations: [ConfigurationRuns] { gathered?.runs ?? collection.all }
  var summaries: [ConfigurationSummary] { gathered?.summaries ?? summary.configurations }

  /// The runs of `configuration` that ended well, in the order of their seeds.
  func completed(_ configuration: Configuration) -> [ReportedRun] {
    (runs[configuration] ?? []).filter { $0.loss != nil }.sorted {
      ($0.order, $0.key) < ($1.order, $1.key)
    }
  }
}

/// What a report keeps of one outcome.
struct ReportedRun: Hashable, Sendable {
  let key: PointKey
  let seeds: Seeds
  /// test_total_last5; nil where the run diverged.
  let loss: Double?
  /// test_total, epoch by epoch.
  let curve: [Double]
  let latents: [LatentStatistics]
  let collapsed: Int?

  init(_ outcome: Outcome, threshold: Double) {
    key = outcome.key
    seeds = outcome.point.seeds
    loss = outcome.testTotalLast5.flatMap { $0.isFinite ? $0 : nil }
    curve = outcome.result.history.map(\.test.total)
    latents = outcome.measurements?.latents ?? []
    collapsed = outcome.collapsed(threshold: threshold)
  }

  fileprivate var order: SeedOrder {
    SeedOrder(seeds.initialization, seeds.order, seeds.noise)
  }

  /// `seed 7`, or the three where they differ.
  var seedName: String {
    seeds.shared.map { "seed \($0)" }
      ?? "seeds \(seeds.initialization) (init), \(seeds.order) (order), \(seeds.noise) (noise)"
  }
}

private struct SeedOrder: Comparable {
  let seeds: (UInt32, UInt32, UInt32)

  init(_ first: UInt32, _ second: UInt32, _ third: UInt32) { seeds = (first, second, third) }

  static func == (left: Self, right: Self) -> Bool { left.seeds == right.seeds }
  static func < (left: Self, right: Self) -> Bool { left.seeds < right.seeds }
}

/// Where the outcomes of a report were made.
struct Origins: Hashable, Sendable {
  private(set) var hosts: Set<String> = []
  private(set) var cpus: Set<String> = []
  private(set) var blasCores: Set<String> = []
  private(set) var fingerprints: Set<String> = []
  private(set) var versions: Set<String> = []

  mutating func add(_ receipt: Receipt) {
    hosts.insert(receipt.host)
    cpus.insert(receipt.cpu)
    blasCores.insert(receipt.blasCore)
    fingerprints.insert(receipt.fingerprint)
    versions.insert(receipt.version)
  }
}
