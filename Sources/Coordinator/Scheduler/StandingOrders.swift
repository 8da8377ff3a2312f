package import Sweep

/// What operators have ordered and not taken back, but for cancelled points, which `PointBook` keeps.
package struct StandingOrders: Sendable {
  /// Why a host that an operator has drained is given nothing.
  package static let drained = "drained by an operator"

  package private(set) var isPaused = false
  /// Names of hosts that are given nothing.
  private var drainedHosts: Set<String> = []

  /// - Parameter orders: All that were ever given, in their order.
  package init(_ orders: [SweepOrder] = []) {
    for order in orders { apply(order) }
  }

  package func isDrained(_ host: String) -> Bool {
    !drainedHosts.isEmpty && drainedHosts.contains(host)
  }

  /// Whether any host is drained.
  package var isAnyDrained: Bool { !drainedHosts.isEmpty }

  /// Whether an order would change what stands.
  package func isChanged(by order: SweepOrder) -> Bool {
    switch order {
    case .pause: !isPaused
    case .resume: isPaused
    case .drain(let host): !isDrained(host)
    case .undrain(let host): isDrained(host)
    case .retry, .cancel: true
    }
  }

  package mutating func apply(_ order: SweepOrder) {
    switch order {
    case .pause: isPaused = true
    case .resume: isPaused = false
    case .drain(let host): drainedHosts.insert(host)
    case .undrain(let host): drainedHosts.remove(host)
    case .retry, .cancel: break
    }
  }

  /// What a person should know of them.
  package var alerts: [String] {
    (isPaused ? ["paused by an operator: 'vaesweep control resume' goes on"] : [])
      + drainedHosts.sorted().map {
        "host \($0) is \(Self.drained): 'vaesweep control undrain \($0)' gives it points again"
      }
  }
}
