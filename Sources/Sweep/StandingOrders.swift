/// What operators have ordered of a sweep and not taken back.
package struct StandingOrders: Sendable {
  /// Why a host that an operator has drained is given nothing.
  package static let drained = "drained by an operator"

  package private(set) var isPaused = false
  /// Names of hosts that are given nothing.
  package private(set) var drainedHosts: Set<String> = []
  /// The orders to cancel or retry points that decide about some, in the order in which they were given:
  /// of those that name the same points the last, and none that comes before one about all points.
  package private(set) var aboutPoints: [SweepOrder] = []

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
    case .retry(let filter), .cancel(let filter): apply(order, about: filter)
    }
  }

  private mutating func apply(_ order: SweepOrder, about filter: PointFilter) {
    aboutPoints.removeAll { filter.texts.isEmpty || $0.filter?.texts == filter.texts }
    // Where nothing is cancelled there is nothing to bring back.
    if aboutPoints.isEmpty, case .retry = order { return }
    aboutPoints.append(order)
    if let first = aboutPoints.firstIndex(where: { $0.isCancellation }), first > 0 {
      aboutPoints.removeFirst(first)
    }
  }

  /// The orders to cancel that hold, as they were typed.
  package var cancellations: [String] { aboutPoints.filter(\.isCancellation).map(\.written) }

  /// What a person should know of them.
  package var alerts: [String] { sweepAlerts + hostAlerts }

  /// Of the sweep itself.
  package var sweepAlerts: [String] {
    (isPaused ? ["paused by an operator: 'vaesweep control resume' goes on"] : [])
      + cancellationAlerts
  }

  /// Of hosts, which no sweep gives anything.
  package var hostAlerts: [String] {
    drainedHosts.sorted().map {
      "host \($0) is \(Self.drained): 'vaesweep control undrain \($0)' gives it points again"
    }
  }

  private var cancellationAlerts: [String] {
    aboutPoints.enumerated().compactMap { place, order in
      guard case .cancel(let filter) = order else { return nil }
      let back = SweepOrder.retry(filter).written
      let kept = aboutPoints[place...].compactMap { later -> String? in
        if case .retry(let filter) = later { filter.words } else { nil }
      }
      let except = kept.isEmpty ? "" : ", but for what has \(kept.joined(separator: " or "))"
      return
        "an operator has cancelled \(filter.pointsInWords)\(except), also what is asked for later: "
        + "'vaesweep control \(back)' takes it back"
    }
  }
}

extension SweepOrder {
  var isCancellation: Bool {
    switch self {
    case .cancel: true
    case .pause, .resume, .drain, .undrain, .retry: false
    }
  }

  /// As it is typed behind `vaesweep control`.
  package var written: String {
    ([verb] + (host.map { [$0] } ?? []) + (filter?.texts ?? []).map { "--where \(Self.quoted($0))" })
      .joined(separator: " ")
  }

  /// As one word of a shell.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "=._-+,:/".unicodeScalars.contains($0)
    }
    return isPlain ? text : "\"\(text)\""
  }
}

extension PointFilter {
  /// Its values, `latent_dim=4 and seed=0..9`.
  package var words: String { texts.joined(separator: " and ") }

  /// The points that it names.
  package var pointsInWords: String {
    texts.isEmpty ? "every point without an outcome" : "points with \(words)"
  }
}
