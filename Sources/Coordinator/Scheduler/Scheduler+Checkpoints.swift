import Sweep
import VAE
import Wire

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
      case .leased = attempt.phase, !attempt.isSuperseded, attempt.purpose == .outcome,
      reference.fingerprint == worker.fingerprint, storeTrouble == nil,
      reference.size <= CheckpointExchange.maxSize(of: attempt.point.configuration.architecture)
    else { return answer(offer, stored: false, worker, origin) }
    let offered = OfferedCheckpoint(
      attempt: offer.attempt, key: attempt.key, reference: reference)
    switch checkpoints.judge(offered, at: attempt.index) {
    case .passed(let isOnRecord): return answer(offer, stored: isOnRecord, worker, origin)
    case .busy: return
    case .wanted: break
    }
    guard intake.want(.checkpoint(offered), from: worker.session) else { return }
    requestBlobs()
  }

  /// A checkpoint is on the disk: it goes on record, unless its attempt has ended meanwhile.
  mutating func checkpointWritten(_ offered: OfferedCheckpoint) {
    guard let attempt = attempts[offered.attempt], case .leased = attempt.phase,
      checkpoints.isFarther(offered, at: attempt.index)
    else { return refuse(offered) }
    out.add(.record(.checkpoint(offered.attempt, key: offered.key, offered.reference)))
  }

  /// It could not be written, or its bytes are not what was offered.
  mutating func checkpointRefused(_ offered: OfferedCheckpoint, _ reason: String) {
    complain(
      "a checkpoint of point \(offered.key.short) was not kept: \(reason)",
      about: LogSubject(point: offered.key, attempt: offered.attempt))
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
    delete(checkpoints.record(offered, at: attempt.index))
    reply(offered, stored: true)
  }

  /// An attempt ends: a checkpoint of it that is still to come would be refused, and its worker, which has
  /// deleted it by now, would keep all that waits behind it for a minute.
  mutating func dropCheckpointPulls(of id: AttemptID, from session: SessionID) {
    guard !intake.isIdle else { return }
    intake.drop(of: session) { purpose in
      if case .checkpoint(let offered) = purpose { offered.attempt == id } else { false }
    }
  }

  /// The point at `index` has its outcome: its checkpoint is of no use any more.
  mutating func dropCheckpoint(at index: Int) {
    delete(checkpoints.drop(at: index))
  }

  private mutating func delete(_ digest: Digest?) {
    if let digest { out.add(.deleteCheckpoint(digest)) }
  }

  private mutating func refuse(_ offered: OfferedCheckpoint) {
    delete(checkpoints.discard(offered))
    reply(offered, stored: false)
  }

  private mutating func reply(_ offered: OfferedCheckpoint, stored: Bool) {
    guard let session = attempts[offered.attempt]?.session, let worker = roster[session]
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
