package import VAE

/// Which runs of one configuration are independent of each other.
///
/// Two runs that share a level of a seed which varies share that seed's luck. Runs tied so, directly
/// or through others, are one unit: each run by itself where the three seeds vary together, each
/// level with its redraws in a nested design, all of them where seeds are crossed. A seed that is
/// held fixed ties nothing: inference is then given that seed. Without sampling there is no noise,
/// and its seed counts for nothing: runs that differ by no other are all one unit.
package struct IndependentUnits: Hashable, Sendable {
  /// The unit of each run, numbered from 0 in the order of their first runs.
  let places: [Int]
  package let count: Int
  /// Whether a seed varies that changes something.
  private let variesSeeds: Bool
  private let variesNoise: Bool

  package init(_ seeds: some Collection<Seeds>, sampling: Bool) {
    self.init(seeds.map { (group: 0, seeds: $0) }, sampling: [sampling])
  }

  /// The units of several groups of runs, of which none is tied to another's.
  ///
  /// - Parameter sampling: Of each group.
  init(_ runs: [(group: Int, seeds: Seeds)], sampling: [Bool]) {
    var sets = DisjointSets(count: runs.count)
    let seeds = runs.map(\.seeds)
    var variesSeeds = false
    for (group, own) in Dictionary(grouping: runs.indices, by: { runs[$0].group }) {
      let varies = Self.tie(own, seeds, sampling[group], &sets)
      variesSeeds = variesSeeds || varies
    }
    self.variesSeeds = variesSeeds
    variesNoise = Set(seeds.map(\.noise)).count > 1
    var numbers: [Int: Int] = [:]
    places = runs.indices.map { run in
      let root = sets.root(of: run)
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      return number
    }
    count = numbers.count
  }

  /// Whether a seed varies that changes something.
  private static func tie(
    _ own: [Int], _ seeds: [Seeds], _ sampling: Bool, _ sets: inout DisjointSets
  ) -> Bool {
    let factors: [(Seeds) -> UInt32] =
      [\.initialization, \.order] + (sampling ? [\.noise] : [])
    let varying = factors.filter { level in Set(own.map { level(seeds[$0]) }).count > 1 }
    if varying.isEmpty, let first = own.first {
      for run in own { sets.join(run, first) }
    }
    for level in varying {
      var first: [UInt32: Int] = [:]
      for run in own {
        let value = level(seeds[run])
        if let other = first[value] { sets.join(run, other) } else { first[value] = run }
      }
    }
    return !varying.isEmpty
  }

  package var standing: Standing {
    if count == places.count { return .runs }
    if count >= 2 { return .levels(count) }
    return variesSeeds ? .crossed : .alike(variesNoise: variesNoise)
  }

  /// What may be taken for independent.
  package enum Standing: Hashable, Sendable {
    /// Every run.
    case runs
    /// The mean over the redraws of each of so many levels.
    case levels(Int)
    /// Nothing: every run is tied to every other.
    case crossed
    /// Nothing: no seed varies, or none but that of a noise which is not drawn.
    case alike(variesNoise: Bool)

    /// Whether nothing may be, so that there is no interval.
    package var isTied: Bool {
      switch self {
      case .runs, .levels: false
      case .crossed, .alike: true
      }
    }

    /// What a reader of an interval must know; nil where runs are independent.
    package var words: String? {
      switch self {
      case .runs: nil
      case .levels(let count):
        "runs share seeds: the unit is the mean over the redraws of each of \(count) levels"
      case .crossed: "runs share seeds in a crossed design: none is independent, no interval"
      case .alike(variesNoise: true):
        "its runs differ by no seed that matters (without sampling the noise seed changes nothing)"
      case .alike(variesNoise: false): "its runs differ by no seed"
      }
    }
  }

  /// The mean of the values of each unit, in the order of the units; those without a value are left
  /// out.
  func means(_ values: [Double?]) -> [Double] {
    guard count < places.count else { return values.compactMap(\.self) }
    var own = [[Double]](repeating: [], count: count)
    for (place, value) in zip(places, values) {
      if let value, value.isFinite { own[place].append(value) }
    }
    return own.compactMap { Sample($0).mean }
  }
}

/// Sets of runs that are joined pair by pair.
private struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func root(of item: Int) -> Int {
    var item = item
    while parents[item] != item {
      parents[item] = parents[parents[item]]
      item = parents[item]
    }
    return item
  }

  mutating func join(_ item: Int, _ other: Int) { parents[root(of: item)] = root(of: other) }
}
