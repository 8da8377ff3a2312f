import Platform

/// How often a choice by the mean of k runs of each configuration is wrong, and what that costs.
///
/// The best configuration is the one whose mean over all of its runs is the smallest. k runs are drawn
/// of each, without replacement while k is at most half of the fewest runs, beyond that with it, and
/// the configuration with the smallest mean is chosen; configurations that tie share the choice. Wrong
/// is a choice whose own mean is larger than the best's, its cost how much larger. The best is judged
/// by the same runs, so that the risk is too low where two configurations are close.
package struct ChoiceRisk: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    /// Runs of each configuration.
    package let k: Int
    package let wrong: Double
    /// In the metric's unit.
    package let cost: Double
    /// Whether runs were drawn with replacement, as there are too few of them.
    package let withReplacement: Bool
    /// Nil where it is exact.
    package let draws: Int?
  }

  /// Wrong in this share of cases, or fewer, counts as right.
  package static let accepted = 0.05
  /// More seeds than anyone gives to each of many configurations are not tried.
  package static let maxSeeds = 1_000

  /// The place of the best mean.
  package let best: Int
  /// By k, up to the seeds that make the choice right and at least as far as five runs; where a single
  /// run can turn the choice by more, four times as far as it can.
  package let steps: [Step]
  /// The fewest runs of each with which the choice is wrong in at most 5 % of cases; nil where
  /// `maxSeeds` are too few.
  package let seedsUntilRight: Int?
  /// The fewest from which on all that were tried are right; nil as above.
  ///
  /// More than `seedsUntilRight` where one run in many lies far off: the mean of more runs is more
  /// likely to have it among them, until they are enough to bear it.
  package let seedsUntilSettled: Int?
  /// The worst step between the two; nil where there is none.
  package let relapse: Step?
  /// Places of those whose difference from the best has a Welch interval that holds 0.
  package let notToldApart: [Int]

  /// - Parameter samples: Two or more, of one value or more each; smaller values are better.
  package init?(_ samples: [Sample], seed: UInt64 = Resampling.standard.seed) {
    let means = samples.compactMap(\.mean)
    guard samples.count >= 2, means.count == samples.count,
      let best = means.indices.min(by: { means[$0] < means[$1] })
    else { return nil }
    self.best = best
    notToldApart = samples.indices.filter { place in
      guard place != best else { return false }
      guard let interval = Estimate.welch(samples[place], samples[best])?.interval() else {
        return means[place] == means[best]
      }
      return interval.lower <= 0 && interval.upper >= 0
    }
    let choice = Choice(samples, means: means, seed: seed)
    let reach = Self.reach(samples, means: means, best: best)
    var steps: [Step] = []
    var right: Int?
    for k in Self.counts {
      guard right.map({ k <= max(5, $0 < reach ? 4 * reach : 0) }) ?? true else { break }
      let step = choice.step(k)
      // Between a wrong step and a right one lies the fewest that is right.
      let before = steps.last.map { $0.wrong > Self.accepted ? $0.k : k - 1 } ?? 0
      if step.wrong <= Self.accepted {
        let found = choice.fewest(above: before, upTo: step)
        if found.k < k { steps.append(found) }
        right = right ?? found.k
      }
      steps.append(step)
    }
    self.steps = steps
    seedsUntilRight = right
    relapse = right.flatMap { right in
      let later = steps.filter { right < reach && $0.k > right && $0.wrong > Self.accepted }
      return later.max { $0.wrong < $1.wrong }
    }
    let lastWrong = steps.lastIndex { $0.wrong > Self.accepted } ?? -1
    seedsUntilSettled =
      relapse == nil ? right : lastWrong + 1 < steps.count ? steps[lastWrong + 1].k : nil
  }

  /// The share of wrong choices by one run of each, exactly.
  package static func wrongByOneRun(_ samples: [Sample]) -> Double? {
    let means = samples.compactMap(\.mean)
    guard samples.count >= 2, means.count == samples.count else { return nil }
    return Choice(samples, means: means, seed: 0).step(1).wrong
  }

  /// Up to how many runs a single one can turn the choice: the best's worst run in the best's mean, or
  /// another's best run in the other's.
  ///
  /// Few by themselves where runs are normal: by then the choice is right. Many where a run lies far off.
  private static func reach(_ samples: [Sample], means: [Double], best: Int) -> Int {
    let gaps = means.map { $0 - means[best] }
    var reach = 0.0
    for place in means.indices where gaps[place] > 0 {
      let high = ((samples[best].maximum ?? 0) - means[best]) / gaps[place]
      let low = (means[place] - (samples[place].minimum ?? 0)) / gaps[place]
      reach = max(reach, high, low)
    }
    return Int(min(reach, Double(maxSeeds)))
  }

  private static let counts =
    Array(1...30) + [35, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500, 700, maxSeeds]
}

/// Draws k runs of each configuration and chooses by their means.
private struct Choice: Sendable {
  /// The values of those that can be chosen at all: whose best run is no worse than the worst run of
  /// every other.
  private let contenders: [[Double]]
  /// How much larger the mean of each of them is than the best's.
  private let costs: [Double]
  /// Beyond this many runs they are drawn with replacement.
  private let maxDrawn: Int
  private let seed: UInt64

  /// A configuration with more subsets of k runs is sampled.
  private static let maxSubsets = 20_000.0
  /// Values that are drawn for one step in all, within bounds on the draws.
  private static let work = 10_000_000
  private static let draws = 10_000...1_000_000
  /// The draws of a step are made in so many parts, whatever the machine: several at once.
  private static let parts = 16

  private static func draws(_ wanted: Int) -> Int {
    let count = min(max(wanted, draws.lowerBound), draws.upperBound)
    return (count + parts - 1) / parts * parts
  }

  init(_ samples: [Sample], means: [Double], seed: UInt64) {
    let limit = samples.compactMap(\.maximum).min() ?? .infinity
    let least = means.min() ?? 0
    let places = samples.indices.filter { (samples[$0].minimum ?? .infinity) <= limit }
    contenders = places.map { samples[$0].values }
    costs = places.map { means[$0] - least }
    maxDrawn = (samples.map(\.count).min() ?? 0) / 2
    self.seed = seed
  }

  func step(_ k: Int) -> ChoiceRisk.Step {
    let withReplacement = k > max(1, maxDrawn)
    var draws: Int?
    let chances: [Double]
    if !withReplacement, contenders.allSatisfy({ Self.subsets($0.count, k) <= Self.maxSubsets }) {
      chances = Self.chances(contenders.map { Self.means(of: $0, k) })
    } else {
      let count = Self.draws(Self.work / (contenders.count * k))
      draws = contenders.count > 1 ? count : nil
      chances = contenders.count > 1 ? drawn(k, withReplacement, count) : [1]
    }
    let pairs = zip(chances, costs)
    return ChoiceRisk.Step(
      k: k, wrong: min(1, pairs.reduce(0) { $0 + ($1.1 > 0 ? $1.0 : 0) }),
      cost: pairs.reduce(0) { $0 + $1.0 * $1.1 }, withReplacement: withReplacement, draws: draws)
  }

  /// The step with the fewest runs above `low` that is right, known to be so at `step`.
  func fewest(above low: Int, upTo step: ChoiceRisk.Step) -> ChoiceRisk.Step {
    var (low, high) = (low, step)
    while high.k - low > 1 {
      let middle = self.step(low + (high.k - low) / 2)
      if middle.wrong <= ChoiceRisk.accepted { high = middle } else { low = middle.k }
    }
    return high
  }

  private static func subsets(_ n: Int, _ k: Int) -> Double {
    k <= n ? IncompleteBeta.binomial(n, k).rounded() : 0
  }

  /// The means of all subsets of k values, ascending.
  private static func means(of values: [Double], _ k: Int) -> [Double] {
    guard k > 1 else { return values }
    var means: [Double] = []
    func choose(from start: Int, _ left: Int, _ sum: Double) {
      guard left > 0 else { return means.append(sum / Double(k)) }
      for place in start...(values.count - left) {
        choose(from: place + 1, left - 1, sum + values[place])
      }
    }
    choose(from: 0, k, 0)
    return means.sorted()
  }

  /// How often each of `lists`, ascending, gives the smallest where one value of each is drawn; equal
  /// ones share.
  ///
  /// For a value x of list i with gⱼ values larger and eⱼ values equal in list j of nⱼ, the chance is
  /// ∫₀¹ ∏_{j≠i} (gⱼ + eⱼ t) / nⱼ dt, in which t orders those that tie. Exact.
  static func chances(_ lists: [[Double]]) -> [Double] {
    var chances = [Double](repeating: 0, count: lists.count)
    var next = [Int](repeating: 0, count: lists.count)
    while true {
      // Beyond the largest value of some list no other can be smallest.
      guard lists.indices.allSatisfy({ next[$0] < lists[$0].count }) else { return chances }
      let value = lists.indices.map { lists[$0][next[$0]] }.min() ?? 0
      var equal = [Double](repeating: 0, count: lists.count)
      var larger = equal
      for (place, list) in lists.enumerated() {
        let start = next[place]
        while next[place] < list.count, list[next[place]] == value { next[place] += 1 }
        equal[place] = Double(next[place] - start) / Double(list.count)
        larger[place] = Double(list.count - next[place]) / Double(list.count)
      }
      for place in lists.indices where equal[place] > 0 {
        chances[place] += equal[place] * share(of: place, equal, larger)
      }
    }
  }

  private static func share(of place: Int, _ equal: [Double], _ larger: [Double]) -> Double {
    var polynomial = [1.0]
    for other in equal.indices where other != place {
      var product = polynomial.map { $0 * larger[other] }
      if equal[other] > 0 {
        product.append(0)
        for (power, factor) in polynomial.enumerated() {
          product[power + 1] += factor * equal[other]
        }
      }
      polynomial = product
    }
    return polynomial.enumerated().reduce(0) { $0 + $1.element / Double($1.offset + 1) }
  }

  private func drawn(_ k: Int, _ withReplacement: Bool, _ draws: Int) -> [Double] {
    let parts = (0..<Self.parts).concurrentMap { part in
      let stream = ResamplingStream(seed: seed, replicate: k * Self.parts + part)
      return wins(k, withReplacement, draws / Self.parts, stream)
    }
    return contenders.indices.map { place in
      parts.reduce(0) { $0 + $1[place] } / Double(draws)
    }
  }

  /// How many of so many draws each contender wins.
  private func wins(
    _ k: Int, _ withReplacement: Bool, _ draws: Int, _ stream: ResamplingStream
  ) -> [Double] {
    var stream = stream
    let counts = contenders.map(\.count)
    var wins = [Double](repeating: 0, count: counts.count)
    var sums = wins
    // All in one array: an array of arrays is checked at every draw.
    var values = contenders.flatMap(\.self)
    values.withUnsafeMutableBufferPointer { values in
      for _ in 0..<draws {
        var start = 0
        for (place, count) in counts.enumerated() {
          let own = UnsafeMutableBufferPointer(rebasing: values[start..<(start + count)])
          sums[place] = Self.sum(of: own, k, withReplacement, &stream)
          start += count
        }
        Self.settle(sums, &wins)
      }
    }
    return wins
  }

  /// The smallest sum wins; those that tie share.
  private static func settle(_ sums: [Double], _ wins: inout [Double]) {
    var smallest = Double.infinity
    var ties = 0.0
    for sum in sums {
      if sum < smallest {
        (smallest, ties) = (sum, 1)
      } else if sum == smallest {
        ties += 1
      }
    }
    for place in sums.indices where sums[place] == smallest { wins[place] += 1 / ties }
  }

  private static func sum(
    of values: UnsafeMutableBufferPointer<Double>, _ k: Int, _ withReplacement: Bool,
    _ stream: inout ResamplingStream
  ) -> Double {
    var own = stream
    defer { stream = own }
    var sum = 0.0
    let count = values.count
    guard !withReplacement else {
      for _ in 0..<k { sum += values[own.below(count)] }
      return sum
    }
    for place in 0..<k {
      // Whatever order earlier draws left, the first k of a random order are a random k.
      values.swapAt(place, place + own.below(count - place))
      sum += values[place]
    }
    return sum
  }
}
