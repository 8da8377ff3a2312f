package import Sweep
package import VAE
package import Wire

/// Learning curves of points that are being trained, as heartbeats tell of their epochs.
///
/// Of bounded size: so many points are followed, spread over the nets that are trained, each until it ends;
/// a curve that becomes too long loses every second place. One that has ended stays until its room is wanted.
package struct RunningCurves: Hashable, Sendable {
  package static let mostCurves = 40
  package static let mostPlaces = 32

  package struct Curve: Hashable, Sendable {
    package let key: PointKey
    package let net: Net
    fileprivate(set) package var attempt: AttemptID
    fileprivate(set) package var host: String
    fileprivate(set) package var isRunning = true
    /// Ascending epochs, not all of them.
    fileprivate(set) package var places: [EpochLoss] = []

    fileprivate mutating func add(_ loss: EpochLoss) {
      if let last = places.last, last.epoch >= loss.epoch {
        guard last.epoch > loss.epoch else { return }
        // Another attempt goes on from an earlier checkpoint.
        places.removeAll { $0.epoch >= loss.epoch }
      }
      places.append(loss)
      if places.count > RunningCurves.mostPlaces { places = RunningCurves.thinned(places) }
    }

    fileprivate mutating func complete(with history: [EpochRecord]) {
      isRunning = false
      let whole = history.map { EpochLoss(epoch: $0.epoch, testTotal: $0.test.total) }
        .filter(\.testTotal.isFinite)
      guard !whole.isEmpty else { return }
      places = whole
      while places.count > RunningCurves.mostPlaces { places = RunningCurves.thinned(places) }
    }
  }

  /// What a chart of its own is for.
  package struct Net: Hashable, Sendable {
    package let architecture: Architecture
    package let sampling: Bool
  }

  /// In the order in which they were first followed.
  package private(set) var curves: [Curve] = []
  /// Points that run and have no curve.
  package private(set) var leftOut = 0

  package init() {}

  /// Looks at what is being trained.
  package mutating func look(_ workers: [WorkerStatus]) {
    let places = Dictionary(
      curves.enumerated().map { ($0.element.attempt, $0.offset) }, uniquingKeysWith: { $1 })
    var running = Set<Int>()
    var others: [(host: String, point: RunningPoint)] = []
    for worker in workers {
      for point in worker.running {
        guard let place = places[point.attempt] else {
          others.append((worker.host, point))
          continue
        }
        running.insert(place)
        if let ended = point.progress.ended { curves[place].add(ended) }
      }
    }
    for place in curves.indices { curves[place].isRunning = running.contains(place) }
    leftOut = others.count
    take(others)
  }

  /// Follows as many more as there is room for, of the nets first of which the fewest are followed.
  private mutating func take(_ others: [(host: String, point: RunningPoint)]) {
    var room = Self.mostCurves - curves.count { $0.isRunning }
    guard room > 0, !others.isEmpty else { return }
    var counts: [Net: Int] = [:]
    for curve in curves where curve.isRunning { counts[curve.net, default: 0] += 1 }
    var ranked: [(rank: Int, place: Int)] = []
    for (place, other) in others.enumerated() {
      let net = Net(architecture: other.point.architecture, sampling: other.point.sampling)
      ranked.append((counts[net, default: 0], place))
      counts[net, default: 0] += 1
    }
    ranked.sort { ($0.rank, $0.place) < ($1.rank, $1.place) }
    for (_, place) in ranked {
      guard room > 0 else { return }
      follow(others[place].point, on: others[place].host)
      leftOut -= 1
      room -= 1
    }
  }

  private mutating func follow(_ point: RunningPoint, on host: String) {
    var curve = Curve(
      key: point.key, net: Net(architecture: point.architecture, sampling: point.sampling),
      attempt: point.attempt, host: host)
    if let before = curves.firstIndex(where: { $0.key == point.key && !$0.isRunning }) {
      // An earlier attempt was lost: its curve goes on where this one does.
      curve.places = curves.remove(at: before).places
    } else if curves.count >= Self.mostCurves {
      guard let ended = curves.firstIndex(where: { !$0.isRunning }) else { return }
      curves.remove(at: ended)
    }
    if let ended = point.progress.ended { curve.add(ended) }
    curves.append(curve)
  }

  /// The attempt has ended with this history, which has every epoch.
  package mutating func end(_ attempt: AttemptID, _ history: [EpochRecord]) {
    guard let place = curves.firstIndex(where: { $0.attempt == attempt }) else { return }
    curves[place].complete(with: history)
  }

  /// Every second place, the first and the last among them.
  fileprivate static func thinned(_ places: [EpochLoss]) -> [EpochLoss] {
    places.enumerated().filter { $0.offset % 2 == 0 || $0.offset == places.count - 1 }
      .map(\.element)
  }
}
