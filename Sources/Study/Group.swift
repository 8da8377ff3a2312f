import Sweep
import VAE

/// What a summary keeps of the outcomes of one configuration, or of several that are pooled.
struct Group {
  var counts = PointCounts()
  private var configurations: [Configuration] = []
  private var places: [Configuration: Int] = [:]
  /// Of each run: its configuration's place, and its seeds.
  private var runs: [(configuration: Int, seeds: Seeds)] = []
  /// Of each run; nil where it has no such value.
  private var values: [Metric: [Double?]] = [:]
  /// Of each run; nil without sampling and where it diverged.
  private var collapsed: [Int?] = []
  private var collapsedByKL: [Int] = []
  private var worst: [Metric: (value: Double, seeds: Seeds)] = [:]

  /// Notes that `configuration` belongs to this group.
  mutating func name(_ configuration: Configuration) {
    guard places[configuration] == nil else { return }
    places[configuration] = configurations.count
    configurations.append(configuration)
  }

  /// - Parameter run: Of this outcome.
  mutating func add(_ outcome: Outcome, _ run: Run, collapseThreshold: Double) {
    switch outcome.status {
    case .ok: counts.ok += 1
    case .diverged:
      counts.diverged += 1
      return
    }
    let configuration = outcome.point.configuration
    runs.append((places[configuration] ?? 0, outcome.point.seeds))
    for metric in Metric.known {
      values[metric, default: []].append(run.values[metric])
      if metric.isLoss, let value = run.values[metric] { note(value, of: metric, run.seeds) }
    }
    collapsed.append(run.collapsed(threshold: collapseThreshold))
    if let count = run.collapsedByKL { collapsedByKL.append(count) }
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

  func summary(
    by keys: [ConfigurationKey]?, looks: [Configuration: SequentialLooks]
  ) -> ConfigurationSummary {
    let units = units
    let standing = standing(of: units)
    let counted = collapsed.compactMap(\.self)
    let own = configurations.count == 1 ? looks[configurations[0]] : nil
    var metrics: [Metric: SampleSummary] = [:]
    var caveats: [Metric: [String]] = [:]
    for metric in Metric.known {
      let all = values[metric] ?? []
      metrics[metric] = SampleSummary(
        Sample(all.compactMap(\.self)), units: Sample(units.means(all)), standing: standing,
        confidence: own?.confidence(of: metric) ?? confidence)
      // Where several architectures are pooled their modes are no luck.
      let modes = configurations.count == 1 ? modes(all)?.caveat : nil
      caveats[metric] = [modes, words(of: standing), own?.caveat ?? stopped(looks)]
        .compactMap(\.self)
    }
    let isSampled = configurations.contains(where: \.sampling)
    return ConfigurationSummary(
      members: members(keys), pooledOver: keys.map(pooledOver) ?? [], isGroup: keys != nil,
      counts: counts, metrics: metrics, caveats: caveats, worst: worst.mapValues(\.seeds),
      collapsed: isSampled ? CollapseSummary(counts: counted) : nil,
      collapsedByKL: isSampled ? CollapseSummary(counts: collapsedByKL) : nil)
  }

  /// The independent units of each architecture, one after the other: its variants share the draws of
  /// a seed, and with them their luck.
  private var units: IndependentUnits {
    var architectures: [Architecture: Int] = [:]
    var sampling: [Bool] = []
    let places = configurations.map { configuration in
      let place = architectures[configuration.architecture] ?? sampling.count
      architectures[configuration.architecture] = place
      if place == sampling.count { sampling.append(false) }
      sampling[place] = sampling[place] || configuration.sampling
      return place
    }
    return IndependentUnits(
      runs.map { (group: places[$0.configuration], seeds: $0.seeds) }, sampling: sampling)
  }

  /// Crossed where the runs of any architecture are: others beside them make no draws of its seeds.
  private func standing(of units: IndependentUnits) -> IndependentUnits.Standing {
    guard configurations.count > 1 else { return units.standing }
    var runs: [Architecture: Int] = [:]
    var own: [Architecture: Set<Int>] = [:]
    for (place, run) in self.runs.enumerated() {
      let architecture = configurations[run.configuration].architecture
      runs[architecture, default: 0] += 1
      own[architecture, default: []].insert(units.places[place])
    }
    let isAnyTied = runs.contains { $0.value > 1 && own[$0.key]?.count == 1 }
    return isAnyTied ? .crossed : units.standing
  }

  private func words(of standing: IndependentUnits.Standing) -> String? {
    guard configurations.count > 1, case .levels(let count) = standing else {
      return standing.words
    }
    return "runs of one architecture share seeds: the unit is the mean over those that share one, "
      + "\(count) in all"
  }

  /// That looks stopped on the spread of some that are pooled.
  private func stopped(_ looks: [Configuration: SequentialLooks]) -> String? {
    configurations.contains { looks[$0]?.biasesDeviation == true }
      ? "some sd was stopped on: too small on average" : nil
  }

  private func modes(_ all: [Double?]) -> VarianceByCollapse? {
    VarianceByCollapse(
      zip(collapsed, all).compactMap { count, value in
        guard let count, let value else { return nil }
        return (collapsed: count, value: value)
      })
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
