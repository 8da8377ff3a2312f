package import Wire

/// Which hosts were connected, how busy they were and which were lost, from when it was begun until now.
///
/// Of bounded size: time is counted in a fixed number of bins, which become twice as long whenever they are
/// used up, and of more hosts than it has room for those that went first are forgotten.
package struct HostTimeline: Hashable, Sendable {
  package static let mostBins = 120
  package static let mostHosts = 1024
  /// Workers speak every second: who was silent for so long before it went did not say goodbye.
  private static let lostAfter = Duration.seconds(2)
  /// Seconds between two looks beyond which nothing is known of the time between them.
  private static let longestGap = 10.0

  /// What was seen of a host, or of all of them, within one bin.
  ///
  /// Floating, so that no number of slots that a stranger claims can overflow.
  package struct Bin: Hashable, Sendable {
    /// Looks at which it was connected.
    fileprivate(set) package var looks: Float = 0
    /// Slots, and those at work, summed over these looks.
    fileprivate var slots: Float = 0
    fileprivate var busy: Float = 0
    fileprivate(set) package var isLoss = false

    /// The share of its slots that were at work, from 0 to 1; nil where it was not connected.
    package var load: Double? {
      guard looks > 0 else { return nil }
      return slots > 0 ? Double(min(1, busy / slots)) : 0
    }

    package var meanSlots: Double { looks > 0 ? Double(slots / looks) : 0 }
    package var meanBusy: Double { looks > 0 ? Double(busy / looks) : 0 }

    fileprivate mutating func add(slots: Int, busy: Int) {
      looks += 1
      self.slots += Float(slots)
      self.busy += Float(busy)
    }

    fileprivate static func + (left: Bin, right: Bin) -> Bin {
      var sum = left
      sum.looks += right.looks
      sum.slots += right.slots
      sum.busy += right.busy
      sum.isLoss = left.isLoss || right.isLoss
      return sum
    }
  }

  package enum State: String, Hashable, Sendable {
    case connected
    /// It said goodbye.
    case left
    /// It fell silent.
    case lost
  }

  package struct Host: Hashable, Sendable {
    package let name: String
    fileprivate(set) package var state: State
    /// As many as the timeline has begun.
    fileprivate(set) package var bins: [Bin]
    /// When it was last connected, in seconds since the timeline began.
    fileprivate(set) package var lastSeen: Double
    /// How long it had been silent then.
    fileprivate var silent: Duration
  }

  /// Seconds of a bin.
  package private(set) var width = 1.0
  /// All hosts together; a bin in which nobody looked has no looks.
  package private(set) var fleet: [Bin] = []
  package private(set) var hosts: [Host] = []
  /// Seconds since it began.
  package private(set) var now = 0.0
  /// Hosts that went and were forgotten.
  private var forgotten = 0
  /// Hosts that were connected at the last look, and that there was no room for.
  private var crowded = 0
  private var places: [String: Int] = [:]

  package init() {}

  /// Hosts that are not among `hosts`.
  package var leftOut: Int { forgotten + crowded }

  /// Looks at the workers that are connected.
  ///
  /// - Parameter time: Seconds since the timeline began; never less than at the last look.
  package mutating func look(_ workers: [WorkerStatus], at time: Double) {
    let isFresh = time - now < Self.longestGap
    now = max(now, time)
    let bins = extend()
    var seen: [String: Seen] = [:]
    for worker in workers { seen[worker.host, default: Seen()].add(worker) }
    crowded = 0
    for name in seen.keys.filter({ places[$0] == nil }).sorted() { admit(name) }
    for place in hosts.indices {
      guard let found = seen[hosts[place].name] else {
        noteAbsence(place, bins.upperBound)
        continue
      }
      // Who is there at two looks is taken to have been there between them.
      let wasThere = isFresh && hosts[place].state == .connected
      for bin in wasThere ? bins : bins.upperBound...bins.upperBound {
        hosts[place].bins[bin].add(slots: found.slots, busy: found.busy)
      }
      hosts[place].state = .connected
      hosts[place].lastSeen = now
      hosts[place].silent = found.silent
    }
    let (slots, busy) = seen.values.reduce((0, 0)) { ($0.0 &+ $1.slots, $0.1 &+ $1.busy) }
    for bin in isFresh ? bins : bins.upperBound...bins.upperBound {
      fleet[bin].add(slots: slots, busy: busy)
    }
  }

  /// What one look saw of a host.
  private struct Seen {
    var slots = 0
    var busy = 0
    /// Of its worker that was heard last.
    var silent = Duration.seconds(Int64(Int32.max))

    mutating func add(_ worker: WorkerStatus) {
      slots = slots &+ worker.slots
      busy = busy &+ min(worker.slots, worker.running.count)
      silent = min(silent, worker.silent)
    }
  }

  /// Begins the bins up to now, and returns those that nobody has looked at: the last one at the least.
  private mutating func extend() -> ClosedRange<Int> {
    while now / width >= Double(Self.mostBins) { halve() }
    let missing = Int(now / width) + 1 - fleet.count
    guard missing > 0 else { return fleet.count - 1...fleet.count - 1 }
    let empty = Array(repeating: Bin(), count: missing)
    fleet += empty
    for place in hosts.indices { hosts[place].bins += empty }
    return fleet.count - missing...fleet.count - 1
  }

  /// Makes one bin of every two.
  private mutating func halve() {
    width *= 2
    fleet = Self.halved(fleet)
    for place in hosts.indices { hosts[place].bins = Self.halved(hosts[place].bins) }
  }

  private static func halved(_ bins: [Bin]) -> [Bin] {
    stride(from: 0, to: bins.count, by: 2).map {
      $0 + 1 < bins.count ? bins[$0] + bins[$0 + 1] : bins[$0]
    }
  }

  private mutating func noteAbsence(_ place: Int, _ bin: Int) {
    guard hosts[place].state == .connected else { return }
    let isLoss = hosts[place].silent >= Self.lostAfter
    hosts[place].state = isLoss ? .lost : .left
    hosts[place].bins[bin].isLoss = isLoss
  }

  private mutating func admit(_ name: String) {
    // It is connected from this look on.
    let host = Host(
      name: name, state: .left, bins: Array(repeating: Bin(), count: fleet.count),
      lastSeen: now, silent: .zero)
    if hosts.count < Self.mostHosts {
      places[name] = hosts.count
      hosts.append(host)
      return
    }
    let gone = hosts.indices.filter { hosts[$0].state != .connected }
    guard let place = gone.min(by: { hosts[$0].lastSeen < hosts[$1].lastSeen }) else {
      crowded += 1
      return
    }
    forgotten += 1
    places[hosts[place].name] = nil
    places[name] = place
    hosts[place] = host
  }
}
