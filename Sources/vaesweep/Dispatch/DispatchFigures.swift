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
      "missed_leases": JSONValue(missedLeases),
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
    figures.add("leases missed by them", missedLeases.map(Double.init), 0, goal: .atMost(0))
    return figures.table
  }
}
