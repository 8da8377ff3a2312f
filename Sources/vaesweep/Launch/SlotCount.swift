import ArgumentParser
import Platform

/// How many points a worker trains at once: `--slots`, and `--workers` of `run`.
enum SlotCount: Hashable, Sendable {
  case number(Int)
  /// One for each CPU that the process may use, and each kept to one where that helps.
  case auto

  private static let word = "auto"

  /// For `@Option(parsing: .unconditional, transform: …)`.
  @Sendable static func parse(_ text: String) throws -> SlotCount {
    if text.lowercased() == word { return .auto }
    do {
      return .number(try NumberOption.whole(1...4096)(text))
    } catch {
      throw WrongSlots(description: "\(error), or \(word)")
    }
  }

  private struct WrongSlots: Error, CustomStringConvertible {
    let description: String
  }

  /// As the option's value.
  var text: String {
    switch self {
    case .number(let count): "\(count)"
    case .auto: Self.word
    }
  }
}

/// What a worker does with this machine's CPUs.
struct SlotPlan {
  let count: Int
  let plan: CPUPlan

  /// - Parameter asked: nil where nothing was said: a trainer for each CPU.
  init(_ asked: SlotCount?, cpus: AvailableCPUs = ThisProgram.cpus) {
    switch asked {
    case .number(let count):
      self.count = count
      plan = CPUPlan(cpus, isAuto: false, isCounted: true)
    case .auto:
      count = cpus.count
      plan = CPUPlan(cpus, isAuto: true)
    case nil:
      count = cpus.count
      plan = CPUPlan(cpus, isAuto: false)
    }
  }
}
