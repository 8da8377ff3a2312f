/// What a run takes of itself on the way, for measures and pictures at its end.
///
/// With the parameters, the moments, the position, the epoch's running loss and the history it is the
/// whole state of a run: a checkpoint that leaves it out resumes to another result (`radius_start`,
/// `radius_after_5`) and to other trajectories. It is taken whether a picture was asked for or not, so
/// that a checkpoint serves either way. `data` and `init(data:)` save and restore it.
package struct CapturedState: Hashable, Sendable {
  /// Codes at some steps of training, in the order of `TrajectoryImages`; at each step
  /// images × latents values, one image after the other.
  package struct Track: Hashable, Sendable {
    package var steps: [Int32] = []
    package var mu: [Float] = []
    package var sigma2: [Float] = []

    package init() {}

    /// Adds what was taken at `step`; a step that is there already is left as it is.
    mutating func append(_ step: Int, _ mu: [Float], _ sigma2: [Float]) {
      guard (steps.last ?? -1) < step else { return }
      steps.append(Int32(truncatingIfNeeded: step))
      self.mu += mu
      self.sigma2 += sigma2
    }
  }

  /// See `StudyMeasure`.
  package var radiusStart: Double?
  package var radiusAfter5: Double?
  /// Of the first training image of each digit; empty where `PictureKind.trajectories` does not apply.
  package var digits = Track()
  /// Of the first six of each digit.
  package var cloud = Track()

  package init() {}
}

extension CapturedState {
  /// The bytes that `init(data:)` reads, some 300 KB at the most.
  package var data: [UInt8] {
    var arrays = NamedArrays()
    for (name, radius) in [("radius_start", radiusStart), ("radius_after_5", radiusAfter5)] {
      guard let bits = radius?.bitPattern else { continue }
      arrays.set(
        name, shape: [8], .bytes((0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }))
    }
    for (name, track) in [("digits", digits), ("cloud", cloud)] {
      arrays.set("\(name)_steps", shape: [track.steps.count], .integers(track.steps))
      arrays.set("\(name)_mu", shape: [track.mu.count], .floats(track.mu))
      arrays.set("\(name)_sigma2", shape: [track.sigma2.count], .floats(track.sigma2))
    }
    return arrays.data
  }

  /// Reads what `data` wrote; nil where the bytes are anything else.
  package init?(data: [UInt8]) {
    guard let arrays = NamedArrays(data: data) else { return nil }
    func track(_ name: String) -> Track? {
      guard let steps = arrays.integers("\(name)_steps", rank: 1),
        let mu = arrays.floats("\(name)_mu", rank: 1),
        let sigma2 = arrays.floats("\(name)_sigma2", rank: 1),
        mu.values.count == sigma2.values.count,
        steps.values.isEmpty ? mu.values.isEmpty : mu.values.count % steps.values.count == 0
      else { return nil }
      var track = Track()
      (track.steps, track.mu, track.sigma2) = (steps.values, mu.values, sigma2.values)
      return track
    }
    func radius(_ name: String) -> Double?? {
      guard arrays[name] != nil else { return .some(nil) }
      guard let bytes = arrays.bytes(name, rank: 1)?.values, bytes.count == 8 else { return nil }
      return Double(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    guard let digits = track("digits"), let cloud = track("cloud"),
      let start = radius("radius_start"), let after = radius("radius_after_5")
    else { return nil }
    (self.digits, self.cloud, radiusStart, radiusAfter5) = (digits, cloud, start, after)
  }
}
