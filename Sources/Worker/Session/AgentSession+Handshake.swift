import Sweep
import Wire

// From the first hello to the terms that are met.
extension AgentSession {
  /// Says hello now and then until a coordinator answers, and gives up after the wait.
  mutating func seek() {
    if standing == .seeking {
      sayHello()
    } else if !continueTransfer() {
      beginSeeking()
    }
    if silence.noteWaiting(at: now) {
      effects.log("waiting up to \(settings.wait.inWords) for a coordinator to answer")
    }
    if silence.length(at: now) >= settings.wait {
      return end(1, "no coordinator answered within \(settings.wait.inWords)")
    }
    if standing == .preparing { tryHostAgain() }
  }

  /// - Returns: Whether the dataset is still to come, or nothing has to.
  @discardableResult
  mutating func continueTransfer() -> Bool {
    preparation.continueTransfer(silence: silence.length(at: now), at: now, &effects)
  }

  private mutating func sayHello() {
    if greeting.isDue(at: now) { effects.send(.hello(settings.hello)) }
  }

  mutating func beginSeeking() {
    standing = .seeking
    greeting.begin()
  }

  /// Terms answer a hello; unasked for, they come from a coordinator that does not know this
  /// session: a new one, or one that had given it up.
  ///
  /// Only terms after a hello are met: to meet others would send what that coordinator cannot
  /// place, which it answers with terms again, as fast as the network carries them.
  mutating func onTerms(_ terms: Terms, answering sequence: UInt64) {
    switch standing {
    case .seeking: if greeting.hasGreeted { prepare(for: terms) }
    case .working:
      // Over a slow link the answers to further hellos come when one of them has long been met: to greet
      // for their sake would call forth more of them, without an end.
      guard sequence == 0 || !greeting.isOutdated(sequence) || terms != preparation.terms else {
        return
      }
      beginSeeking()
      sayHello()
    case .preparing:
      // Another coordinator has taken the place of the one whose terms are being met.
      guard terms != preparation.terms else { return }
      preparation.endTransfer()
      beginSeeking()
      sayHello()
    case .stopping, .ended: break
    }
  }

  private mutating func prepare(for terms: Terms) {
    let store = preparation.terms?.store
    standing = .preparing
    silence.hasFoundCoordinator()
    if store != terms.store {
      if store != nil { forgetStore() }
      effects.add(.openOutbox(store: terms.store))
    }
    switch preparation.begin(terms) {
    case .nothing: declareReady()
    case .everything:
      letGoOfPoints()
      effects.log("joining sweep \(terms.sweep) on dataset \(terms.datasetName)")
      effects.add(.findDataset(terms.datasetDigest))
    }
  }

  /// Attempts of another store bear numbers that mean other points here.
  private mutating func forgetStore() {
    if !outbox.isEmpty {
      effects.log("\(outbox.count) results are kept for the sweep before: this is another store")
    }
    letGoOfPoints()
    outbox.forgetStore()
    checkpoints.forgetStore()
    heartbeats.forgetAll()
    heldArtifacts = HeldArtifacts()
    queue.forgetStore()
  }

  mutating func onDatasetMissing() {
    switch standing {
    case .preparing, .working: preparation.beginTransfer(at: now, &effects)
    case .seeking, .stopping, .ended: break
    }
  }

  mutating func onDatasetFound(_ path: String) {
    switch standing {
    case .preparing, .working: preparation.datasetArrived(path)
    case .seeking, .stopping, .ended: break
    }
  }

  /// The first trainer's fingerprint stands for all.
  mutating func onReady(_ ready: TrainerReady) {
    guard preparation.adopt(ready.fingerprint) else {
      return endByHostFault(
        "a trainer computes another fingerprint than the one before: was vaesweep replaced?")
    }
    if standing == .preparing { declareReady() }
  }

  private mutating func declareReady() {
    guard let fingerprint = preparation.fingerprint else { return }
    standing = .working(concludesAt: nil)
    _ = silence.end(at: now)
    greeting.wasMet(by: effects.nextSequence)
    effects.send(.ready(Ready(fingerprint: fingerprint)))
    heartbeats.sendNow()
  }
}
