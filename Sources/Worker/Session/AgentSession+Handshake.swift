import Sweep
import Wire

extension AgentSession {
  /// Says hello now and then until a coordinator answers, and gives up after the wait.
  mutating func seek() {
    if standing == .seeking { sayHello() } else { continueTransfer() }
    if !hasSaidThatItWaits, clock.elapsed >= .seconds(2) {
      hasSaidThatItWaits = true
      log("waiting up to \(settings.wait.inWords) for a coordinator to answer")
    }
    if clock.elapsed - lastHeard >= settings.wait {
      end(1, "no coordinator answered within \(settings.wait.inWords)")
    }
  }

  /// At most a few hellos a second, whatever arrives, and ever fewer while nobody answers.
  private mutating func sayHello() {
    guard clock.elapsed >= nextHello else { return }
    nextHello = clock.elapsed + jittered(helloPause)
    helloPause = min(helloPause * 2, Self.longestPause)
    hasGreeted = true
    send(.hello(settings.hello))
  }

  /// A coordinator that is there again may not stay for long: one whose sweep is done leaves within
  /// seconds, and the pause between hellos has grown to as much.
  mutating func greetSoon() {
    helloPause = Self.shortestPause
    nextHello = min(nextHello, clock.elapsed + jittered(helloPause))
  }

  mutating func beginSeeking() {
    standing = .seeking
    hasGreeted = false
    concludeAt = nil
  }

  /// Terms answer a hello; unasked for, they come from a coordinator that does not know this
  /// session: a new one, or one that had given it up.
  ///
  /// Only terms after a hello are met: to meet others would send what that coordinator cannot
  /// place, which it answers with terms again, as fast as the network carries them.
  mutating func consider(_ new: Terms) {
    switch standing {
    case .seeking: if hasGreeted { prepare(for: new) }
    case .working:
      beginSeeking()
      sayHello()
    case .preparing:
      // Another coordinator has taken the place of the one whose terms are being met.
      guard new != terms else { return }
      incoming = nil
      beginSeeking()
      sayHello()
    case .stopping, .ended: break
    }
  }

  private mutating func prepare(for new: Terms) {
    let old = terms
    terms = new
    standing = .preparing
    hasSaidThatItWaits = true
    if old?.store != new.store {
      if old != nil { forgetOtherStore() }
      effects.append(.openOutbox(store: new.store))
    }
    if let old, old.blasCore == new.blasCore, old.datasetDigest == new.datasetDigest,
      datasetPath != nil, fingerprint != nil
    {
      return declareReady()
    }
    letGoOfEverything()
    fingerprint = nil
    datasetPath = nil
    incoming = nil
    log("joining sweep \(new.sweep) on dataset \(new.datasetName)")
    effects.append(.findDataset(new.datasetDigest))
  }

  /// Attempts of another store bear numbers that mean other points here.
  private mutating func forgetOtherStore() {
    if !outbox.isEmpty {
      log("\(outbox.count) results are kept for the sweep before: this is another store")
    }
    letGoOfEverything()
    outbox.removeAll()
    checkpoints.removeAll()
    checkpointFolder = nil
    firstNamed.removeAll()
    pictures = HeldPictures()
    settled = RecentAttempts()
    returned = RecentAttempts()
  }

  mutating func beginTransfer() {
    guard standing == .preparing, let terms else { return }
    log("fetching dataset \(terms.datasetName) (\(terms.datasetBytes) bytes) from the coordinator")
    incoming = BlobPull(digest: terms.datasetDigest, size: terms.datasetBytes, at: clock.elapsed)
    requestChunks()
  }

  mutating func take(_ chunk: BlobChunk) {
    guard incoming?.take(chunk, at: clock.elapsed) == true else { return }
    effects.append(.store(chunk))
    requestChunks()
  }

  /// Asks again from the last byte taken when nothing has come for a while.
  private mutating func continueTransfer() {
    guard incoming?.askAgain(after: settings.resend, at: clock.elapsed) == true else { return }
    if clock.elapsed - lastHeard >= settings.resend * 3 {
      log("the coordinator fell silent in the middle of the dataset")
      incoming = nil
      beginSeeking()
      return
    }
    requestChunks()
  }

  private mutating func requestChunks() {
    guard let requests = incoming?.requests() else { return }
    for request in requests { send(.blobRequest(request)) }
  }

  mutating func datasetArrived(_ path: String) {
    guard standing == .preparing else { return }
    incoming = nil
    datasetPath = path
    for slot in slots.indices where !slots[slot].isAlive { start(slot) }
  }

  /// The first trainer's fingerprint stands for all: they are the same binary on the same CPU.
  mutating func trainerIsReady(_ ready: TrainerReady) {
    if let fingerprint, fingerprint != ready.fingerprint {
      return end(
        1, "a trainer computes another fingerprint than the one before: was vaesweep replaced?")
    }
    guard standing == .preparing, fingerprint == nil else { return }
    fingerprint = ready.fingerprint
    declareReady()
  }

  private mutating func declareReady() {
    guard let fingerprint else { return }
    standing = .working
    lastHeard = clock.elapsed
    send(.ready(Ready(fingerprint: fingerprint)))
    heartbeatIsDue = true
  }

  mutating func sweepIsComplete() {
    switch standing {
    case .ended: return
    case .stopping: return leave()
    case .seeking, .preparing: break
    case .working where outbox.isEmpty: break
    case .working:
      // An outcome that is not committed may be wanted: of a point that failed elsewhere.
      letGoOfEverything()
      if concludeAt == nil {
        concludeAt = clock.elapsed + settings.farewell
        sendOutboxAgain()
      }
      return
    }
    conclude()
  }

  /// The sweep is complete, and all that could be delivered is.
  ///
  /// What could not stays on the disk, for the next coordinator of its store.
  mutating func conclude() {
    concludeAt = nil
    letGoOfEverything()
    // Without terms it is not known whose sweep is complete.
    if standing == .working {
      for key in checkpoints.keys.sorted() { dropCheckpoint(of: key) }
    }
    if settings.stay {
      pictures = HeldPictures()
      if standing == .working {
        send(.goodbye)
        log("the sweep is complete; waiting for the next coordinator")
      }
      beginSeeking()
      // The coordinator that has just finished would only say so again.
      nextHello = clock.elapsed + .seconds(2)
    } else {
      send(.goodbye)
      end(0, "the sweep is complete")
    }
  }

  mutating func beginStopping() {
    switch standing {
    case .stopping, .ended: return
    case .seeking, .preparing, .working: break
    }
    let handsOver = stopTrainers()
    let patience = handsOver ? settings.handingOver : settings.farewell
    standing = .stopping(deadline: clock.elapsed + patience)
    if mayLeave { leave() }
  }

  var isStopping: Bool {
    if case .stopping = standing { true } else { false }
  }

  mutating func leave() {
    send(.goodbye)
    end(0, nil)
  }
}
