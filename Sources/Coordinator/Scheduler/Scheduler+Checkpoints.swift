package import Sweep
package import VAE
package import Wire

/// The newest checkpoint of a point that is on record and on the disk.
package struct StoredCheckpoint: Hashable, Sendable {
  package let attempt: AttemptID
  package let reference: CheckpointReference

  package init(attempt: AttemptID, reference: CheckpointReference) {
    self.attempt = attempt
    self.reference = reference
  }
}

/// What a worker offers of an attempt that it holds.
package struct OfferedCheckpoint: Hashable, Sendable {
  package let attempt: AttemptID
  package let key: PointKey
  package let reference: CheckpointReference

  package init(attempt: AttemptID, key: PointKey, reference: CheckpointReference) {
    self.attempt = attempt
    self.key = key
    self.reference = reference
  }
}

// Checkpoints come from the worker that holds an attempt, lie beside the store, and go to whoever is
// granted the point next. Fenced: only the attempt that is leased may bring one, and only one that
// is farther than the one on record, so they never go back. One is on the disk before it is on record,
// and on record before anybody relies on it.
extension Scheduler {
  /// Starts to read what is offered, or says that it is not wanted.
  mutating func consider(_ offer: CheckpointOffer, _ origin: Origin) {
    guard let worker = admitted(origin) else { return }
    let reference = offer.checkpoint
    guard let attempt = attempts[offer.attempt], attempt.session == worker.session,
      case .leased = attempt.phase, !attempt.isSuperseded, !attempt.isReplay,
      reference.fingerprint == worker.fingerprint, storeTrouble == nil,
      reference.size <= Self.largestCheckpoint(of: attempt.point.configuration.architecture)
    else { return answer(offer, stored: false, worker, origin) }
    if let stored = checkpoints[attempt.index], stored.reference.step >= reference.step {
      return answer(offer, stored: stored.reference.digest == reference.digest, worker, origin)
    }
    let offered = OfferedCheckpoint(
      attempt: offer.attempt, key: attempt.key, reference: reference)
    // What waits for the disk is bounded like what is under way.
    let waiting = writing.reduce(0) { $0 + $1.reference.size }
    guard !writing.contains(offered), waiting < BlobIntake.maxBytes
    else { return }
    guard intake.want(.checkpoint(offered), from: worker.session) else { return }
    requestBlobs()
  }

  /// More than the training of this net can leave behind: whoever offers that would only keep the others
  /// waiting for room.
  ///
  /// Parameters with two moments each and their gradients, and pictures' data beside them.
  package static func largestCheckpoint(of architecture: Architecture) -> Int {
    let widths = [Architecture.inputSize] + architecture.hidden + [architecture.latentDim]
    let products = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * ($1.1 + 1) }
    // Encoder and decoder, and means and variances of the latents.
    return 4 * 4 * 3 * products + (16 << 20)
  }

  /// A checkpoint is on the disk: it goes on record, unless its attempt has ended meanwhile.
  mutating func checkpointWritten(_ offered: OfferedCheckpoint) {
    guard let attempt = attempts[offered.attempt], case .leased = attempt.phase,
      offered.reference.step > (checkpoints[attempt.index]?.reference.step ?? 0)
    else { return refuse(offered) }
    effects.append(.record(.checkpoint(offered.attempt, key: offered.key, offered.reference)))
  }

  /// It could not be written, or its bytes are not what was offered.
  mutating func checkpointRefused(_ offered: OfferedCheckpoint, _ reason: String) {
    complain("a checkpoint of point \(offered.key.short) was not kept: \(reason)")
    refuse(offered)
  }

  /// A checkpoint is on record: from now on it is relied upon, and the one before it goes.
  mutating func checkpointRecorded(
    _ id: AttemptID, _ key: PointKey, _ reference: CheckpointReference,
    _ answer: CommittedRecord.Answer
  ) {
    let offered = OfferedCheckpoint(attempt: id, key: key, reference: reference)
    guard answer == .stored, let attempt = attempts[id], !attempt.isSuperseded else {
      return refuse(offered)
    }
    writing.remove(offered)
    let old = checkpoints.updateValue(
      StoredCheckpoint(attempt: id, reference: reference), forKey: attempt.index)
    if let old { delete(old.reference.digest) }
    reply(offered, stored: true)
  }

  /// The point at `index` has its outcome: its checkpoint is of no use any more.
  mutating func dropCheckpoint(at index: Int) {
    guard let old = checkpoints.removeValue(forKey: index) else { return }
    delete(old.reference.digest)
  }

  /// Deletes the file, unless the very same bytes are on record of another attempt, or on their way.
  private mutating func delete(_ digest: Digest) {
    guard !checkpoints.values.contains(where: { $0.reference.digest == digest }),
      !writing.contains(where: { $0.reference.digest == digest })
    else { return }
    effects.append(.deleteCheckpoint(digest))
  }

  /// What a worker of this fingerprint can go on from.
  func checkpoint(at index: Int, for worker: WorkerState) -> CheckpointReference? {
    guard let stored = checkpoints[index], stored.reference.fingerprint == worker.fingerprint
    else { return nil }
    return stored.reference
  }

  private mutating func refuse(_ offered: OfferedCheckpoint) {
    writing.remove(offered)
    delete(offered.reference.digest)
    reply(offered, stored: false)
  }

  private mutating func reply(_ offered: OfferedCheckpoint, stored: Bool) {
    guard let session = attempts[offered.attempt]?.session, let worker = workers[session]
    else { return }
    let reply = CheckpointReply(
      attempt: offered.attempt, digest: offered.reference.digest, stored: stored)
    send(.checkpointReply(reply), to: worker)
  }

  private mutating func answer(
    _ offer: CheckpointOffer, stored: Bool, _ worker: WorkerState, _ origin: Origin
  ) {
    let reply = CheckpointReply(
      attempt: offer.attempt, digest: offer.checkpoint.digest, stored: stored)
    send(.checkpointReply(reply), to: worker, answering: origin.sequence)
  }
}
