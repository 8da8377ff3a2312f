import Platform
import Sweep
import VAE
import Wire

/// Has points trained again by a coordinator's workers: asks every second for what is lacking, through
/// restarts of the coordinator, until all is there.
struct AuditQuery {
  private static let interval = Duration.seconds(1)
  /// How long a first answer may take.
  private static let patience = Duration.seconds(5)
  /// How long a coordinator that has answered may be away.
  private static let absence = Duration.seconds(600)

  private var link: OperatorLink
  private var pull: AuditPull
  private let count: Int
  private let store: String
  private let start = ContinuousClock.now
  private var lastAnswer: ContinuousClock.Instant?
  private var isAway = false
  private var shown = ""
  /// What the coordinator says that keeps it from training, each line told once.
  private var told: Set<String> = []
  private var isHeld = false

  /// - Parameter count: Points in all.
  init(link: OperatorLink, pull: AuditPull, count: Int, store: String) {
    self.link = link
    self.pull = pull
    self.count = count
    self.store = store
  }

  /// - Throws: Where the coordinator cannot do it, is away for too long, or `stop` comes first.
  mutating func run(until stop: StopSignal) throws(CommandError) -> [PointKey: AuditedPoint.Again] {
    while !pull.isComplete, !stop.isRequested {
      try link.send(.audit(pull.request))
      // An order may hold it: the status tells which.
      if isHeld { try link.send(.status) }
      try hear()
    }
    leave()
    guard pull.isComplete else { throw .interruptedAudit }
    AuditProgressLine.show(pull.results.count, of: count)
    return pull.results
  }

  /// Takes what comes until it is time to ask anew: at once where there were results.
  private mutating func hear() throws(CommandError) {
    let end = ContinuousClock.now + Self.interval
    var hasNews = false
    while let message = try link.next(within: hasNews ? .zero : end - ContinuousClock.now) {
      switch message {
      case .auditProgress(let progress):
        lastAnswer = .now
        isAway = false
        try check(progress)
        show(progress)
        isHeld = progress.waiting > 0 && progress.running == 0
      case .auditResult(let result):
        if pull.receive(result) { hasNews = true }
      case .status(let status):
        for alert in status.alerts where told.insert(alert).inserted {
          Console.say("nothing is trained at present; \(link.endpoint) says: \(alert)")
        }
      case .order, .refusal: break
      }
    }
    try judgeSilence()
  }

  private func check(_ progress: AuditProgress) throws(CommandError) {
    guard !pull.fits(progress) else { return }
    guard progress.trainerVersion == Trainer.version else {
      throw .badInput(
        "the coordinator at \(link.endpoint) has trainer version \(progress.trainerVersion), and the "
          + "outcomes of \(store) are of version \(Trainer.version): ask one of the same version")
    }
    throw .badInput(
      "the coordinator at \(link.endpoint) trains on the dataset \(progress.dataset.short)…, and the "
        + "outcomes of \(store) are of another: ask one that has theirs")
  }

  private mutating func show(_ progress: AuditProgress) {
    let waits = progress.waiting > 0 ? ", \(progress.waiting) waiting for a worker" : ""
    let more = ", \(progress.running) being trained\(waits)"
    let line = "\(pull.results.count)\(more)"
    guard line != shown else { return }
    shown = line
    AuditProgressLine.show(pull.results.count, of: count, more)
  }

  private mutating func judgeSilence() throws(CommandError) {
    guard let lastAnswer else {
      guard ContinuousClock.now - start < Self.patience else {
        throw .failure(
          "no coordinator answered at \(link.endpoint) within \(Self.patience.inWords); one of an "
            + "earlier vaesweep knows no audits")
      }
      return
    }
    let silence = ContinuousClock.now - lastAnswer
    guard silence < Self.absence else {
      throw .failure(
        "the coordinator at \(link.endpoint) has not answered for \(Self.absence.inWords): nothing is "
          + "certified")
    }
    guard silence >= Self.patience, !isAway else { return }
    isAway = true
    Console.say(
      "the coordinator at \(link.endpoint) is away; asking on for \(Self.absence.inWords)")
  }

  /// Says that the audit is over, and waits a moment to hear that this is known.
  private mutating func leave() {
    link.ignoreStop()
    let end = ContinuousClock.now + Self.interval
    do throws(CommandError) {
      try link.send(.audit(pull.farewell))
      while let message = try link.next(within: end - ContinuousClock.now) {
        if case .auditProgress(let progress) = message, progress.waiting + progress.running == 0 {
          return
        }
      }
    } catch {
      // One that ends the moment it has nothing more to do says no; everything asked for is here.
      return
    }
  }
}
