import Report
import Sweep

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
  /// Of the hungriest coordinator.
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
    var table = Table(columns: ["figure", "value", "goal", "met"])
    for (slots, rate) in pointsPerSecond {
      add(
        &table, "durable points per second, \(slots.of("slot"))", rate, 0,
        goal: slots == 16 ? .atLeast(10_000) : nil)
    }
    add(
      &table, "µs of the coordinator's CPU for a point, 16 slots", coordinatorMicroseconds, 0,
      goal: nil)
    add(&table, "seconds to start on \(scale.points) points", startSeconds, 3, goal: nil)
    add(
      &table, "seconds to recover \(scale.outcomes) outcomes", recoverySeconds, 3,
      goal: .atMost(2))
    add(&table, "MB of memory at most, of a coordinator", peakRSSMegabytes, 1, goal: .atMost(200))
    add(
      &table, "seconds until \(scale.workers) workers are registered", registeredSeconds, 3,
      goal: .atMost(10))
    if let missedLeases {
      add(&table, "leases missed by them", Double(missedLeases), 0, goal: .atMost(0))
    }
    return table
  }

  private enum Goal {
    case atLeast(Double)
    case atMost(Double)

    func isMet(_ value: Double) -> Bool {
      switch self {
      case .atLeast(let goal): value >= goal
      case .atMost(let goal): value <= goal
      }
    }

    var shown: String {
      switch self {
      case .atLeast(let goal): "≥ \(goal.shown(decimals: 0))"
      case .atMost(let goal): "≤ \(goal.shown(decimals: 0))"
      }
    }
  }

  private func add(
    _ table: inout Table, _ name: String, _ value: Double?, _ decimals: Int, goal: Goal?
  ) {
    guard let value else { return }
    table.append([
      .text(name), .value(JSONValue(value), shown: value.shown(decimals: decimals)),
      Cell(goal?.shown), Cell(goal.map { $0.isMet(value) ? "yes" : "no" }),
    ])
  }
}
