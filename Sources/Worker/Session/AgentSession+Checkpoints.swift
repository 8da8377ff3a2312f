package import Sweep
package import Wire

/// A checkpoint on this host's disk.
package struct LocalCheckpoint: Hashable, Sendable {
  package let key: PointKey
  package let path: String
  package let reference: CheckpointReference
  /// Training time that would have to be spent again without it.
  package let trained: Duration

  package init(key: PointKey, path: String, reference: CheckpointReference, trained: Duration) {
    self.key = key
    self.path = path
    self.reference = reference
    self.trained = trained
  }
}

/// A checkpoint that the coordinator has been told of and may be reading.
struct CheckpointTransfer: Sendable {
  let checkpoint: LocalCheckpoint
  var sentAt: Duration
}

// From trainers to the coordinator.
extension AgentSession {
  /// A trainer has written a checkpoint; the one before it is of no use any more.
  mutating func take(_ report: TrainerCheckpoint, of point: HeldPoint, in slot: Int) {
    keep(
      LocalCheckpoint(
        key: point.key, path: report.path, reference: report.checkpoint, trained: report.trained))
    offerCheckpoint(of: point)
    guard report.isStopped else { return }
    // It ends by itself now; the point is this worker's until its checkpoint is handed over.
    slots[slot].state = .ending
    if offers[point.attempt] != nil { parting.append(point) }
  }

  mutating func keep(_ checkpoint: LocalCheckpoint) {
    let old = checkpoints.updateValue(checkpoint, forKey: checkpoint.key)
    if let old, old.path != checkpoint.path { removeFile(of: old) }
  }

  /// Offers the newest checkpoint of a point, where handing it over saves more than it costs: the
  /// training time since the last one handed over against a second for the change and the time of
  /// two transfers at 20 MB a second.
  ///
  /// One at a time for each attempt: what is newer by then is offered when this one is answered.
  mutating func offerCheckpoint(of point: HeldPoint) {
    guard offers[point.attempt] == nil, let local = checkpoints[point.key],
      local.reference.size <= CheckpointReference.largest
    else { return }
    let saved = local.trained - (handedOver[point.attempt] ?? .zero)
    guard saved > settings.costOfHandingOver(local.reference.size) else { return }
    offers[point.attempt] = CheckpointTransfer(checkpoint: local, sentAt: clock.elapsed)
    send(offer(local, of: point.attempt))
  }

  private func offer(_ local: LocalCheckpoint, of attempt: AttemptID) -> WorkerMessage {
    .checkpointOffer(CheckpointOffer(attempt: attempt, checkpoint: local.reference))
  }

  mutating func repeatOffers() {
    for (attempt, transfer) in offers.sorted(by: { $0.key < $1.key })
    where clock.elapsed - transfer.sentAt >= settings.resend {
      offers[attempt]?.sentAt = clock.elapsed
      send(offer(transfer.checkpoint, of: attempt))
    }
  }

  /// The coordinator reads a piece of what was offered.
  ///
  /// - Returns: Whether it is of a checkpoint.
  mutating func serveCheckpoint(_ request: BlobRequest) -> Bool {
    guard
      let transfer = offers.values.first(where: {
        $0.checkpoint.reference.digest == request.digest
      })
    else { return false }
    effects.append(
      .sendPiece(request, path: transfer.checkpoint.path, size: transfer.checkpoint.reference.size))
    return true
  }

  mutating func heed(_ reply: CheckpointReply) {
    guard let transfer = offers[reply.attempt],
      transfer.checkpoint.reference.digest == reply.digest
    else { return }
    offers[reply.attempt] = nil
    let checkpoint = transfer.checkpoint
    if reply.stored { handedOver[reply.attempt] = checkpoint.trained }
    if checkpoints[checkpoint.key]?.path != checkpoint.path {
      effects.append(.removeCheckpoint(path: checkpoint.path))
    }
    if reply.stored, let point = (held + parting).first(where: { $0.attempt == reply.attempt }) {
      offerCheckpoint(of: point)
    }
    // Its last one may have been written while an older one was on its way.
    if offers[reply.attempt] == nil { parting.removeAll { $0.attempt == reply.attempt } }
  }

  /// A point needs no checkpoint any more.
  mutating func dropCheckpoint(of key: PointKey) {
    if let old = checkpoints.removeValue(forKey: key) { removeFile(of: old) }
  }

  /// An attempt is over, however it ended.
  mutating func endTransfers(of attempt: AttemptID) {
    handedOver[attempt] = nil
    parting.removeAll { $0.attempt == attempt }
    guard let transfer = offers.removeValue(forKey: attempt) else { return }
    if checkpoints[transfer.checkpoint.key]?.path != transfer.checkpoint.path {
      effects.append(.removeCheckpoint(path: transfer.checkpoint.path))
    }
  }

  private mutating func removeFile(of checkpoint: LocalCheckpoint) {
    guard !offers.values.contains(where: { $0.checkpoint.path == checkpoint.path }) else { return }
    effects.append(.removeCheckpoint(path: checkpoint.path))
  }
}

/// A checkpoint on its way from the coordinator.
struct CheckpointFetch: Sendable {
  let key: PointKey
  let reference: CheckpointReference
  var pull: BlobPull
  var waits = 0
}

// From the coordinator to trainers.
extension AgentSession {
  /// Waits for a piece after which a checkpoint is given up, and the point starts from the start.
  private static let mostWaits = 3

  /// What lies on the disk from earlier workers of this host.
  mutating func takeOver(_ found: [LocalCheckpoint]) {
    for checkpoint in found {
      let known = checkpoints[checkpoint.key]?.reference.step ?? -1
      if checkpoint.reference.step > known {
        keep(checkpoint)
      } else {
        effects.append(.removeCheckpoint(path: checkpoint.path))
      }
    }
  }

  /// The local checkpoint of a point, if it was made under this fingerprint.
  private func local(_ key: PointKey) -> LocalCheckpoint? {
    guard let local = checkpoints[key], local.reference.fingerprint == fingerprint else {
      return nil
    }
    return local
  }

  /// The coordinator's checkpoint of a point, if it is farther than the local one and serves here.
  private func remote(_ point: HeldPoint) -> CheckpointReference? {
    guard settings.keepsCheckpoints, let remote = point.checkpoint,
      remote.fingerprint == fingerprint, remote.step > (local(point.key)?.reference.step ?? 0)
    else { return nil }
    return remote
  }

  /// Whether a point can be started: nothing is to be fetched for it first.
  func isReady(_ point: HeldPoint) -> Bool { remote(point) == nil }

  /// Where a trainer of `point` is to keep its checkpoints, and which one to go on from.
  mutating func checkpoints(of point: HeldPoint) -> TrainerCheckpoints? {
    guard settings.keepsCheckpoints, let folder = checkpointFolder, let terms else { return nil }
    let local = local(point.key)
    if let local {
      log("point \(point.key.short) goes on from step \(local.reference.step)")
      if point.checkpoint?.step == local.reference.step {
        handedOver[point.attempt] = local.trained
      }
    }
    return TrainerCheckpoints(
      attempt: point.attempt, path: "\(folder)/\(point.key)", every: terms.checkpointEvery,
      resume: local?.path)
  }

  /// Fetches what the next waiting points need, one after the other.
  mutating func fetchCheckpoints() {
    guard standing == .working else { return }
    if let fetch, !waiting.contains(where: { $0.key == fetch.key }) { self.fetch = nil }
    if fetch?.pull.askAgain(after: settings.resend, at: clock.elapsed) == true {
      fetch?.waits += 1
      if let fetch, fetch.waits >= Self.mostWaits { return giveUpFetch(fetch.key) }
    }
    if fetch == nil, let point = waiting.first(where: { !isReady($0) }),
      let reference = remote(point)
    {
      fetch = CheckpointFetch(
        key: point.key, reference: reference,
        pull: BlobPull(digest: reference.digest, size: reference.size, at: clock.elapsed))
    }
    requestPieces()
  }

  mutating func takePiece(_ chunk: BlobChunk) {
    guard var fetch, fetch.pull.take(chunk, at: clock.elapsed) else { return }
    fetch.waits = 0
    self.fetch = fetch
    effects.append(.storeCheckpoint(fetch.key, fetch.reference, chunk))
    requestPieces()
  }

  /// The answer to the last piece: where the checkpoint is, or nil where it does not serve.
  mutating func checkpointFetched(_ key: PointKey, _ checkpoint: LocalCheckpoint?) {
    if fetch?.key == key { fetch = nil }
    if let checkpoint {
      keep(checkpoint)
    } else {
      giveUpFetch(key)
    }
  }

  private mutating func requestPieces() {
    guard let requests = fetch?.pull.requests() else { return }
    for request in requests { send(.blobRequest(request)) }
  }

  private mutating func giveUpFetch(_ key: PointKey) {
    fetch = nil
    log("the checkpoint of point \(key.short) cannot be had; starting it anew")
    for index in waiting.indices where waiting[index].key == key { waiting[index].checkpoint = nil }
  }
}

// When the worker is asked to stop.
extension AgentSession {
  /// Asks every trainer for a checkpoint, or ends it where none can be kept.
  ///
  /// - Returns: Whether anything is to be waited for.
  mutating func stopTrainers() -> Bool {
    waiting.removeAll()
    fetch = nil
    guard settings.keepsCheckpoints, checkpointFolder != nil else {
      letGoOfEverything()
      return false
    }
    var isAny = false
    for slot in slots.indices {
      switch slots[slot].state {
      case .training:
        isAny = true
        effects.append(.stopTrainer(SlotID(slot)))
      case .starting, .idle:
        slots[slot].state = .ending
        effects.append(.killTrainer(SlotID(slot)))
      case .absent, .ending: break
      }
    }
    return isAny
  }

  /// Whether a worker that was asked to stop has nothing more to wait for.
  var mayLeave: Bool {
    hasHandedEverythingOver && offers.isEmpty
      && !slots.contains { if case .training = $0.state { true } else { false } }
  }
}
