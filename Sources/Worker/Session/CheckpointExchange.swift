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

/// The checkpoints of one store on this host's disk, and those on their way to and from the
/// coordinator.
package struct CheckpointExchange: Sendable {
  /// One that the coordinator has been told of and may be reading.
  private struct Offer: Sendable {
    let checkpoint: LocalCheckpoint
    var sentAt: Duration
  }

  /// Where trainers keep them; nil where nothing outlives this process.
  package private(set) var folder: String?
  /// The newest of each point.
  private var newest: [PointKey: LocalCheckpoint] = [:]
  private var offers: [AttemptID: Offer] = [:]
  /// Training time that the coordinator's checkpoint of an attempt saves.
  private var handedOver: [AttemptID: Duration] = [:]
  /// Attempts whose trainers have stopped and whose checkpoints are being handed over.
  package private(set) var parting: [HeldPoint] = []
  package var fetch: CheckpointFetch?

  package init() {}

  /// What lies on the disk from earlier workers of this host.
  package mutating func open(
    _ folder: String, _ found: [LocalCheckpoint], _ effects: inout AgentEffects
  ) {
    self.folder = folder
    for checkpoint in found {
      let known = newest[checkpoint.key]?.reference.step ?? -1
      if checkpoint.reference.step > known {
        replace(with: checkpoint, &effects)
      } else {
        effects.add(.removeCheckpoint(path: checkpoint.path))
      }
    }
  }

  /// The local checkpoint of a point, if it was made under this fingerprint.
  package func local(_ key: PointKey, fingerprint: String?) -> LocalCheckpoint? {
    newest[key].flatMap { $0.reference.fingerprint == fingerprint ? $0 : nil }
  }

  /// Where a trainer of `point` is to keep its checkpoints, and which one to go on from.
  package mutating func begin(
    _ point: HeldPoint, fingerprint: String?, every pause: Duration,
    _ effects: inout AgentEffects
  ) -> TrainerCheckpoints? {
    guard let folder else { return nil }
    let local = local(point.key, fingerprint: fingerprint)
    if let local {
      effects.log(
        "point \(point.key.short) goes on from step \(local.reference.step)",
        about: point.subject)
      if point.checkpoint?.step == local.reference.step {
        handedOver[point.attempt] = local.trained
      }
    }
    return TrainerCheckpoints(
      attempt: point.attempt, path: "\(folder)/\(point.key)", every: pause, resume: local?.path)
  }

  /// A trainer has written a checkpoint; the one before it is of no use any more.
  ///
  /// Where the trainer has stopped there, its attempt is held until the checkpoint is handed over.
  package mutating func add(
    _ report: TrainerCheckpoint, of point: HeldPoint, _ settings: AgentSettings, at now: Duration,
    _ effects: inout AgentEffects
  ) {
    replace(
      with: LocalCheckpoint(
        key: point.key, path: report.path, reference: report.checkpoint, trained: report.trained),
      &effects)
    offer(of: point, settings, at: now, &effects)
    if report.isStopped, offers[point.attempt] != nil { parting.append(point) }
  }

  package mutating func replace(with checkpoint: LocalCheckpoint, _ effects: inout AgentEffects) {
    let old = newest.updateValue(checkpoint, forKey: checkpoint.key)
    if let old, old.path != checkpoint.path { removeFile(of: old, &effects) }
  }

  // MARK: to the coordinator

  /// Whether none is being handed over.
  package var hasNothingUnderWay: Bool { offers.isEmpty }

  /// Offers the newest checkpoint of a point, where handing it over saves more than it costs: the
  /// training time since the last one handed over against a second for the change and the time of
  /// two transfers at 20 MB a second.
  ///
  /// One at a time for each attempt: what is newer by then is offered when this one is answered.
  private mutating func offer(
    of point: HeldPoint, _ settings: AgentSettings, at now: Duration,
    _ effects: inout AgentEffects
  ) {
    guard offers[point.attempt] == nil, let local = newest[point.key],
      local.reference.size <= CheckpointReference.largest
    else { return }
    let saved = local.trained - (handedOver[point.attempt] ?? .zero)
    guard saved > settings.costOfHandingOver(local.reference.size) else { return }
    offers[point.attempt] = Offer(checkpoint: local, sentAt: now)
    send(local, of: point.attempt, &effects)
  }

  private func send(
    _ local: LocalCheckpoint, of attempt: AttemptID, _ effects: inout AgentEffects
  ) {
    effects.send(.checkpointOffer(CheckpointOffer(attempt: attempt, checkpoint: local.reference)))
  }

  package mutating func repeatOffers(
    after patience: Duration, at now: Duration, _ effects: inout AgentEffects
  ) {
    for (attempt, offer) in offers.sorted(by: { $0.key < $1.key })
    where now - offer.sentAt >= patience {
      offers[attempt]?.sentAt = now
      send(offer.checkpoint, of: attempt, &effects)
    }
  }

  /// The coordinator reads a piece of what was offered.
  ///
  /// - Returns: Whether it is of a checkpoint.
  package func serve(_ request: BlobRequest, _ effects: inout AgentEffects) -> Bool {
    guard
      let checkpoint = offers.values.lazy.map(\.checkpoint).first(where: {
        $0.reference.digest == request.digest
      })
    else { return false }
    effects.add(.sendPiece(request, path: checkpoint.path, size: checkpoint.reference.size))
    return true
  }

  /// The coordinator needs nothing more of an offer.
  ///
  /// - Parameter held: The points that this worker still holds.
  package mutating func onReply(
    _ reply: CheckpointReply, held: [HeldPoint], _ settings: AgentSettings, at now: Duration,
    _ effects: inout AgentEffects
  ) {
    guard let checkpoint = offers[reply.attempt]?.checkpoint,
      checkpoint.reference.digest == reply.digest
    else { return }
    offers[reply.attempt] = nil
    if reply.stored { handedOver[reply.attempt] = checkpoint.trained }
    if newest[checkpoint.key]?.path != checkpoint.path {
      effects.add(.removeCheckpoint(path: checkpoint.path))
    }
    if reply.stored, let point = (held + parting).first(where: { $0.attempt == reply.attempt }) {
      offer(of: point, settings, at: now, &effects)
    }
    // Its last one may have been written while an older one was on its way.
    if offers[reply.attempt] == nil { parting.removeAll { $0.attempt == reply.attempt } }
  }

  // MARK: ends

  /// A point needs no checkpoint any more.
  package mutating func remove(_ key: PointKey, _ effects: inout AgentEffects) {
    if let old = newest.removeValue(forKey: key) { removeFile(of: old, &effects) }
  }

  /// The sweep is complete.
  package mutating func removeAll(_ effects: inout AgentEffects) {
    for key in newest.keys.sorted() { remove(key, &effects) }
  }

  /// An attempt is over, however it ended.
  package mutating func end(_ attempt: AttemptID, _ effects: inout AgentEffects) {
    handedOver[attempt] = nil
    parting.removeAll { $0.attempt == attempt }
    guard let checkpoint = offers.removeValue(forKey: attempt)?.checkpoint else { return }
    if newest[checkpoint.key]?.path != checkpoint.path {
      effects.add(.removeCheckpoint(path: checkpoint.path))
    }
  }

  /// They belong to another store than the terms that are met now; their files stay.
  package mutating func forgetStore() {
    newest.removeAll()
    fetch = nil
    folder = nil
  }

  private func removeFile(of checkpoint: LocalCheckpoint, _ effects: inout AgentEffects) {
    guard !offers.values.contains(where: { $0.checkpoint.path == checkpoint.path }) else { return }
    effects.add(.removeCheckpoint(path: checkpoint.path))
  }
}
