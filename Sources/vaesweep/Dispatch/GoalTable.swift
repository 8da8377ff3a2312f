import Sweep
import Tables

/// The figures of a benchmark, each beside what it should be.
struct GoalTable {
  enum Goal {
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
      case .atLeast(let goal): "≥ \(JSONValue(goal).compact)"
      case .atMost(let goal): "≤ \(JSONValue(goal).compact)"
      }
    }
  }

  private(set) var table = Table(columns: ["figure", "value", "goal", "met"])

  /// Adds nothing where there is no value.
  ///
  /// - Parameters:
  ///   - name: With its unit.
  ///   - decimals: Digits that a person sees; a program reads all of them.
  mutating func add(_ name: String, _ value: Double?, _ decimals: Int, goal: Goal? = nil) {
    guard let value else { return }
    table.append([
      .text(name), .value(JSONValue(value), shown: value.shown(decimals: decimals)),
      Cell(goal?.shown), Cell(goal.map { $0.isMet(value) ? "yes" : "no" }),
    ])
  }
}
