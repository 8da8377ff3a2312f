import Sweep
import VAE

/// What a summary keeps of the outcomes of one configuration, or of several that are pooled.
struct Group {
  var counts = PointCounts()
  private var configurations: [Configuration] = []
  private var known: Set<Configuration> = []
  private var values: [Metric: [Double]] = [:]
  private var collapsed: [Int] = []
  private var worst: [Metric: (value: Double, seeds: Seeds)] = [:]

  /// Notes that `configuration` belongs to this group.
  mutating func name(_ configuration: Configuration) {
    if known.insert(configuration).inserted { configurations.append(configuration) }
  }

  mutating func add(_ outcome: Outcome, collapseThreshold: Double) {
    switch outcome.status {
    case .ok: counts.ok += 1
    case .diverged: counts.diverged += 1
    }
    for metric in Metric.allCases {
      guard let value = metric.value(of: outcome) else { continue }
      values[metric, default: []].append(value)
      if metric.isLoss, value.isFinite { note(value, of: metric, outcome.point.seeds) }
    }
    if let count = outcome.collapsed(threshold: collapseThreshold) { collapsed.append(count) }
  }

  /// Of equal values the one with the smaller seed, whenever it finished.
  private mutating func note(_ value: Double, of metric: Metric, _ seeds: Seeds) {
    if let known = worst[metric],
      known.value > value || (known.value == value && Seeds.precedes(known.seeds, seeds))
    {
      return
    }
    worst[metric] = (value, seeds)
  }

  /// The order of groups that no sweep file names: hidden layers, latents, then train keys.
  var sortKey: [String] {
    guard let first = configurations.first else { return [] }
    let widths = first.architecture.hidden + [0, first.architecture.latentDim]
    return widths.map { String(100_000 + $0) }
      + TrainKey.allCases.map { first[$0]?.description ?? "" }
  }

  func summary(by keys: [ConfigurationKey]?) -> ConfigurationSummary {
    var metrics: [Metric: SampleSummary] = [:]
    for metric in Metric.allCases {
      metrics[metric] = SampleSummary(Sample(values[metric] ?? []))
    }
    return ConfigurationSummary(
      members: members(keys), pooledOver: keys.map(pooledOver) ?? [], isGroup: keys != nil,
      counts: counts, metrics: metrics, worst: worst.mapValues(\.seeds),
      collapsed: configurations.contains(where: \.sampling)
        ? CollapseSummary(counts: collapsed) : nil)
  }

  private func members(_ keys: [ConfigurationKey]?) -> [JSONValue.Member] {
    guard let configuration = configurations.first else { return [] }
    guard let keys else { return configuration.members }
    return keys.map { JSONValue.Member($0.description, $0.value(in: configuration)) }
  }

  private func pooledOver(_ keys: [ConfigurationKey]) -> [JSONValue.Member] {
    ConfigurationKey.remaining(besides: keys).compactMap { key in
      var values: [JSONValue] = []
      for configuration in configurations {
        let value = key.value(in: configuration)
        if !values.contains(value) { values.append(value) }
      }
      return values.count > 1 ? JSONValue.Member(key.description, .array(values)) : nil
    }
  }
}
