import Coordinator
import Sweep
import TestSupport
import Wire

extension World {
  mutating func liveAtCoordinator(_ event: Event) throws(Violation) {
    // A process that wakes up late finds everything that came meanwhile.
    // It judges time when it has heard all of that, as its loop does.
    let came = coordinatorBacklog.isEmpty ? [event] : coordinatorBacklog + [event]
    let events = came.filter { !$0.isTick } + came.filter(\.isTick)
    coordinatorBacklog.removeAll()
    for event in events {
      switch event {
      case .toCoordinator(let envelope, let peer):
        if broken == .acknowledgesBeforeCommit, case .delivery(let delivery) = envelope.message {
          transmit(
            Envelope(
              .acknowledgement(Acknowledgement(attempt: delivery.attempt)),
              session: envelope.session), to: peer)
        }
        witness.heartbeat = nil
        if case .heartbeat(let heartbeat) = envelope.message { witness.heartbeat = heartbeat }
        try tell(.received(envelope, from: peer))
      case .order(let order):
        if broken == .ordersBeforeRecord { try check(.order(OrderReply(text: "early"))) }
        try tell(.ordered(order, from: Self.desk, by: nil))
      case .auditAsked(let request, let number):
        hearOperator(request, number)
        try tell(.audit(request, from: SimulatedOperator.peer(number)))
      case .leaveOut:
        isTold = true
        try tell(.unneeded(spare))
      case .storeReports(let records, coordinatorLife):
        if hasStalled {
          hasStalled = false
          try tell(.storeRecovered)
        }
        try tell(.committed(records))
      case .checkpointIsWritten(let offered, let bytes, coordinatorLife):
        guard now >= diskIsFullUntil, Digest(of: bytes) == offered.reference.digest else {
          try tell(.checkpointRefused(offered, "the disk is full"))
          continue
        }
        checkpointFiles[offered.reference.digest] = bytes
        try tell(.checkpointWritten(offered))
      case .coordinatorTick(let life) where life == coordinatorLife || life == -1:
        if now < diskIsFullUntil, store.hasPending {
          happenings.stalls += hasStalled ? 0 : 1
          hasStalled = true
          try tell(.storeStalled("the disk is full"))
        }
        try tell(.tick)
        witness.ticks += 1
        if witness.ticks % 8 == 0 { try checkProgress() }
        if life == coordinatorLife {
          agenda.add(.coordinatorTick(life: life), at: now + .milliseconds(500))
        }
      default: break
      }
    }
  }

  private mutating func tell(_ event: SchedulerEvent) throws(Violation) {
    for effect in scheduler.handle(event, at: now) {
      switch effect {
      case .record(let record):
        if broken == .grantsBeforeRecord,
          case .attempt(let id, _, let key, let point, let session) =
            record, let peer = witness.peer(of: session)
        {
          transmit(
            Envelope(.grant(Grant(attempt: id, key: key, point: point)), session: session),
            to: peer)
        }
        try checkAllocation(record)
        store.submit(record)
        scheduleWrite(random.delay(1...60))
      case .send(let envelope, let peer):
        let envelope = fence(envelope)
        try check(envelope.message, to: peer)
        transmit(envelope, to: peer)
      case .answer(let envelopes, let peer):
        guard peer != Self.desk else {
          for envelope in envelopes { try check(envelope.message) }
          continue
        }
        answer(envelopes.map(\.message), to: peer)
      case .sendPiece(let request, let session, let peer): serve(request, session, to: peer)
      case .writeCheckpoint(let offered, let bytes):
        agenda.add(
          .checkpointIsWritten(offered, bytes, life: coordinatorLife),
          at: now + random.delay(1...50))
      case .deleteCheckpoint(let digest): checkpointFiles[digest] = nil
      case .log: break
      case .complete: isFinished = true
      }
    }
  }

  /// A worker fetches a checkpoint.
  private mutating func serve(_ request: BlobRequest, _ session: SessionID, to peer: PeerID) {
    guard let bytes = checkpointFiles[request.digest], request.offset < bytes.count else { return }
    let end = min(request.offset + request.length, bytes.count)
    let chunk = BlobChunk(
      digest: request.digest, offset: request.offset, size: bytes.count,
      data: Array(bytes[request.offset..<end]))
    transmit(Envelope(.blobChunk(chunk), session: session), to: peer)
  }

  private mutating func scheduleWrite(_ delay: Duration) {
    guard !writeIsDue else { return }
    writeIsDue = true
    agenda.add(.storeWrites(life: coordinatorLife), at: now + delay)
  }

  /// The durable prefix grows; that the loop hears of it is another matter.
  mutating func write() throws(Violation) {
    writeIsDue = false
    guard now >= diskIsFullUntil else { return scheduleWrite(.milliseconds(500)) }
    let records = store.write()
    try checkStore()
    // One thread writes and tells, so that no report overtakes another.
    storeReported = max(storeReported, now + random.delay(0...30))
    agenda.add(.storeReports(records, life: coordinatorLife), at: storeReported)
  }

  /// The coordinator ends, its store is put back to the copy, and it is started on that.
  mutating func restoreStore() throws(Violation) {
    guard let copy = storeCopy else { return }
    happenings.restored += 1
    store = copy
    store.epochOfCopy = copy.coordinatorEpoch
    wasRestored = true
    witness.forgetWhatCame(after: store)
    try restartCoordinator()
  }

  mutating func restartCoordinator() throws(Violation) {
    happenings.coordinatorRestarts += 1
    store.crash()
    try checkAcknowledged()
    if broken != .forgetsItsEpoch { store.coordinatorEpoch += 1 }
    store.start = broken == .drawsNoNumber ? 0 : random.start()
    coordinatorLife += 1
    witness.forgetProgress()
    writeIsDue = false
    hasStalled = false
    coordinatorBacklog.removeAll()
    coordinatorPausedUntil = .zero
    // Somebody copies the store and forgets the folder beside it.
    if random.chance(0.1) { checkpointFiles.removeAll() }
    // As the coordinator does: a record counts where its file is there; other files go.
    store.checkpoints = store.checkpoints.filter {
      checkpointFiles[$0.value.reference.digest] != nil
    }
    let recovered = store.recover(grid, pictures: pictures)
    let kept = Set(recovered.checkpoints.values.map(\.reference.digest))
    checkpointFiles = checkpointFiles.filter { kept.contains($0.key) }
    scheduler = Scheduler(settings: settings(), recovered: recovered)
    // What the outcomes say of the design they say again at every start.
    if isTold { try tell(.unneeded(spare)) }
    let down = random.delay(10...5000)
    agenda.add(.coordinatorTick(life: coordinatorLife), at: now + down)
    for worker in workers.indices { connect(worker, after: down) }
  }

  /// The reply to a heartbeat as it would be without fencing: all that was named may stay.
  private func fence(_ envelope: Envelope<ToWorker>) -> Envelope<ToWorker> {
    guard broken == .fencesNothing, case .heartbeatReply(var reply) = envelope.message,
      let heartbeat = witness.heartbeat
    else { return envelope }
    reply.keep = heartbeat.held.map(\.attempt)
    return envelope.with(.heartbeatReply(reply))
  }
}

extension World.Event {
  fileprivate var isTick: Bool {
    if case .coordinatorTick = self { true } else { false }
  }
}
