/// When nothing may be submitted because what was submitted came to nothing.
///
/// The first failures only slow it down; from the third in a row on it pauses, with one job as a trial
/// after each pause. The first job that is of use ends all that.
struct SubmissionBrake: Sendable {
  /// Failures in a row from which on it is a pause that is told.
  static let most = 3
  private static let pauses: [Duration] = [
    .seconds(5), .seconds(15), .seconds(60), .seconds(120), .seconds(300), .seconds(600),
    .seconds(1800),
  ]

  private(set) var failures = 0
  private var heldUntil: Duration = .zero

  /// Whether it pauses, or has paused and waits for what becomes of its trial.
  var isPausing: Bool { failures >= Self.most }

  /// - Parameter live: Jobs that wait or run.
  func maySubmit(at now: Duration, live: Int) -> Bool {
    now >= heldUntil && (!isPausing || live == 0)
  }

  /// A job came to nothing.
  ///
  /// - Returns: How long nothing is submitted.
  mutating func noteFailure(at now: Duration) -> Duration {
    failures += 1
    let pause = Self.pauses[min(failures, Self.pauses.count) - 1]
    heldUntil = now + pause
    return pause
  }

  /// A job is of use.
  ///
  /// - Returns: Whether that has ended a pause.
  mutating func noteSuccess() -> Bool {
    defer {
      failures = 0
      heldUntil = .zero
    }
    return isPausing
  }
}
