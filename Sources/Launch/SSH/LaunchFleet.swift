/// All hosts of a launch: passes on what happens, and bounds how much happens at once.
///
/// Pure: `(state, event, now) → effects`.
package struct LaunchFleet: Sendable {
  /// Connections that are being made at once: more only wait for one another.
  package static let mostConnecting = 32
  /// Copies under way at once: they share this host's uplink.
  package static let mostCopying = 8

  package enum Event: Hashable, Sendable {
    case tick
    case host(HostNumber, HostEvent)
    case stopRequested
  }

  package struct Effect: Hashable, Sendable {
    package let host: HostNumber
    package let effect: HostEffect
  }

  package private(set) var hosts: [LaunchedHost]
  package private(set) var isStopping = false
  private var isComplete = false

  package init(_ entries: [HostEntry], purpose: LaunchPurpose, hasTunnel: Bool) {
    hosts = entries.map { LaunchedHost($0, purpose: purpose, hasTunnel: hasTunnel) }
  }

  package var isOver: Bool { hosts.allSatisfy(\.isOver) }

  package mutating func handle(_ event: Event, at now: Duration) -> [Effect] {
    var effects: [Effect] = []
    switch event {
    case .tick:
      var (connecting, copying) = counts
      for index in hosts.indices {
        let room = HostRoom(
          mayConnect: connecting < Self.mostConnecting, mayCopy: copying < Self.mostCopying)
        let done = handle(.tick(room), index, now)
        for one in done {
          guard case .connect(let errand) = one.effect else { continue }
          if errand == .copy { copying += 1 } else { connecting += 1 }
        }
        effects += done
      }
    case .host(let number, let event):
      guard hosts.indices.contains(number.value) else { return [] }
      effects = handle(event, number.value, now)
    case .stopRequested:
      isStopping = true
      for index in hosts.indices { effects += handle(.stopRequested, index, now) }
    }
    if !isComplete, hosts.contains(where: { $0.state == .over(.complete) }) {
      isComplete = true
      for index in hosts.indices { effects += handle(.sweepCompleted, index, now) }
    }
    return effects
  }

  private mutating func handle(_ event: HostEvent, _ index: Int, _ now: Duration) -> [Effect] {
    hosts[index].handle(event, at: now).map { Effect(host: HostNumber(index), effect: $0) }
  }

  private var counts: (connecting: Int, copying: Int) {
    var counts = (connecting: 0, copying: 0)
    for host in hosts {
      switch host.state {
      case .connecting: counts.connecting += 1
      case .copying: counts.copying += 1
      case .pausing, .lackingProgram, .running, .leaving, .over: break
      }
    }
    return counts
  }
}

extension LaunchFleet {
  /// How it all ended, once ``isOver``.
  package var ending: FleetEnding {
    let ends = hosts.compactMap { host -> HostEnd? in
      if case .over(let end) = host.state { end } else { nil }
    }
    return FleetEnding(
      isComplete: isComplete, wasStopped: isStopping,
      givenUp: ends.count { if case .givenUp = $0 { true } else { false } },
      unknown: hosts.count(where: \.mayStillRun), hosts: ends.count)
  }
}

/// How a launch ended.
package struct FleetEnding: Hashable, Sendable {
  package let isComplete: Bool
  package let wasStopped: Bool
  /// Hosts that were given up, of so many.
  package let givenUp: Int
  /// Hosts of which it is not known whether their worker has ended.
  package let unknown: Int
  package let hosts: Int
}
