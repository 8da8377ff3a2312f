import Sweep
import Tables

/// What `bench dispatch` measured; nil where it was not asked for.
struct DispatchFigures {
  /// By the number of connected slots, ascending.
  var pointsPerSecond: [(slots: Int, rate: Double)] = []
  /// Time of the coordinator on any core for each point, with sixteen slots: what the rate would be
  /// bounded by on a machine that does nothing else.
  var coordinatorMicroseconds: Double?
  /// The longest of the starts.
  var startSeconds: Double?
  var recoverySeconds: Double?
  var registeredSeconds: Double?
  /// Of the coordinator that took the most memory.
  var peakRSSMegabytes: Double?
  var missedLeases: Int?
  var readers: ReaderCost?

  mutating func note(peakRSS: Double?) {
    guard let peakRSS else { return }
    peakRSSMegabytes = max(peakRSSMegabytes ?? 0, peakRSS)
  }

  var json: JSONValue {
    [
      "points_per_second": pointsPerSecond.isEmpty
        ? .null
        : .object(pointsPerSecond.map { JSONValue.Member("\($0.slots)", JSONValue($0.rate)) }),
      "coordinator_cpu_us_per_point": JSONValue(coordinatorMicroseconds),
      "start_seconds": JSONValue(startSeconds), "recovery_seconds": JSONValue(recoverySeconds),
      "peak_rss_mb": JSONValue(peakRSSMegabytes),
      "registered_seconds": JSONValue(registeredSeconds),
      "missed_leases": JSONValue(missedLeases), "readers": readers?.json ?? .null,
    ]
  }

  /// One figure a row, beside what it should be.
  func table(_ scale: DispatchScale) -> Table {
    var figures = GoalTable()
    for (slots, rate) in pointsPerSecond {
      figures.add(
        "durable points per second, \(slots.of("slot"))", rate, 0,
        goal: slots == 16 ? .atLeast(10_000) : nil)
    }
    figures.add(
      "µs of the coordinator's CPU for a point, 16 slots", coordinatorMicroseconds, 0)
    figures.add("seconds to start on \(scale.points.of("point"))", startSeconds, 3)
    figures.add(
      "seconds to recover \(scale.outcomes.of("outcome"))", recoverySeconds, 3, goal: .atMost(2))
    figures.add("MB of memory at most, of a coordinator", peakRSSMegabytes, 1, goal: .atMost(200))
    figures.add(
      "seconds until \(scale.workers.of("worker")) are registered", registeredSeconds, 3,
      goal: .atMost(10))
    if let readers {
      figures.add(
        "points with \(scale.readers.of("reader")) for 100 without, median of rounds",
        readers.pointsRatio.map { 100 * $0 }, 1, goal: .atLeast(98))
      figures.add(
        "CPU of the coordinator for a point, likewise", readers.cpuRatio.map { 100 * $0 }, 1)
      figures.add("answers that they read", Double(readers.answers), 0)
    }
    figures.add("leases missed by them", missedLeases.map(Double.init), 0, goal: .atMost(0))
    return figures.table
  }
}

/// What readers of the dashboard cost, round by round.
struct ReaderCost {
  typealias Rate = (points: Double, microseconds: Double)

  var alone: [Rate] = []
  var watched: [Rate] = []
  var answers = 0
  var bytes = 0

  /// Points per second with readers, by those without; the median of the rounds.
  var pointsRatio: Double? { median(zip(alone, watched).map { $1.points / $0.points }) }

  /// The same of the coordinator's CPU for a point.
  var cpuRatio: Double? { median(zip(alone, watched).map { $1.microseconds / $0.microseconds }) }

  private func median(_ values: [Double]) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  var json: JSONValue {
    [
      "points_ratio": JSONValue(pointsRatio), "cpu_ratio": JSONValue(cpuRatio),
      "points_per_second_alone": .array(alone.map { JSONValue($0.points) }),
      "points_per_second_watched": .array(watched.map { JSONValue($0.points) }),
      "cpu_us_per_point_alone": .array(alone.map { JSONValue($0.microseconds) }),
      "cpu_us_per_point_watched": .array(watched.map { JSONValue($0.microseconds) }),
      "answers": .int(answers), "bytes": .int(bytes),
    ]
  }
}
