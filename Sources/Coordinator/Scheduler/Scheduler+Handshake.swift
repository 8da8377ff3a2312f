import Sweep
import Wire

extension Scheduler {
  /// Answers a hello with the terms, or with a refusal that says what to change.
  mutating func greet(_ hello: Hello, from peer: PeerID) {
    guard hello.trainerVersion == settings.trainerVersion else {
      let text =
        "this worker has trainer version \(hello.trainerVersion) (vaesweep \(hello.version)), "
        + "the sweep needs \(settings.trainerVersion): run the same vaesweep on every host"
      return refuse(hello, text, peer)
    }
    guard !isComplete else { return send(.finish(Finish(session: hello.session)), to: peer) }
    guard let core = blasCore(for: hello) else {
      let text =
        "the CPU of \(hello.host) (\(hello.cpu)) cannot run the BLAS core \(settings.blasCore) "
        + "that this store was started with: leave this host out, or start the coordinator with "
        + "--mixed"
      return refuse(hello, text, peer)
    }
    if var known = workers[hello.session] {
      known.peer = peer
      known.lastHeard = clock.elapsed
      workers[hello.session] = known
    } else {
      guard makeRoom(for: hello.session, from: peer) else {
        return complain("more than \(Self.mostWorkers) workers: \(hello.host) is left out")
      }
      workers[hello.session] = WorkerState(
        hello: hello, peer: peer, standing: .introduced, lastHeard: clock.elapsed)
    }
    send(.terms(terms(core: core)), to: peer)
  }

  /// Admits a worker whose fingerprint is the store's.
  mutating func admit(_ ready: Ready, from peer: PeerID) {
    guard var worker = known(ready.session, from: peer) else { return }
    guard settings.mixed || ready.fingerprint == settings.fingerprint else {
      workers[ready.session] = nil
      let text =
        "\(worker.hello.host) does not reproduce this store's numeric fingerprint under BLAS core "
        + "\(settings.blasCore) (\(ready.fingerprint.prefix(12)), the store has "
        + "\(settings.fingerprint.prefix(12))): install the same OpenBLAS as on the first host, "
        + "or start the coordinator with --mixed"
      return refuse(worker.hello, text, peer)
    }
    guard !worker.isAdmitted else { return }
    worker.standing = .admitted
    worker.fingerprint = ready.fingerprint
    workers[ready.session] = worker
    countSlots()
    bury(worker.hello.predecessors, of: worker)
    let slots = worker.hello.slots
    log(.info, "worker \(worker.name) joined with \(slots.of("slot"))")
    if isComplete { send(.finish(Finish(session: ready.session)), to: peer) }
  }

  /// Looks a session up and notes where it is now.
  ///
  /// A session this coordinator does not know is sent the terms, which makes it introduce itself.
  mutating func known(_ session: SessionID, from peer: PeerID) -> WorkerState? {
    guard var worker = workers[session] else {
      totals.misplaced += 1
      send(.terms(terms(core: settings.blasCore)), to: peer)
      return nil
    }
    worker.peer = peer
    worker.lastHeard = clock.elapsed
    workers[session] = worker
    return worker
  }

  /// As `known`, for what only an admitted worker may say.
  ///
  /// One that skipped a step is sent the terms again.
  mutating func admitted(_ session: SessionID, from peer: PeerID) -> WorkerState? {
    guard let worker = known(session, from: peer) else { return nil }
    guard worker.isAdmitted else {
      totals.misplaced += 1
      send(.terms(terms(core: blasCore(for: worker.hello) ?? settings.blasCore)), to: peer)
      return nil
    }
    return worker
  }

  /// A worker leaves by its own will: what it held goes back at once and counts against no one.
  mutating func dismiss(_ session: SessionID) {
    guard let worker = workers.removeValue(forKey: session) else { return }
    countSlots()
    defer { forgetArtifacts(of: session) }
    for id in worker.assigned.sorted() {
      guard let attempt = attempts[id], case .leased = attempt.phase else { continue }
      close(id)
      effects.append(.record(.release(id)))
    }
    if worker.isAdmitted { log(.info, "worker \(worker.name) left") }
  }

  private mutating func refuse(_ hello: Hello, _ reason: String, _ peer: PeerID) {
    complain("refused a worker: \(reason)")
    send(.refusal(Refusal(reason: reason)), to: peer)
  }

  /// The BLAS core a worker is to use, or nil where it cannot take part.
  private func blasCore(for hello: Hello) -> String? {
    if hello.blasCores.contains(settings.blasCore) { return settings.blasCore }
    return settings.mixed ? "native" : nil
  }

  private func terms(core: String) -> Terms {
    var terms = Terms(
      store: settings.store, coordinatorEpoch: settings.coordinatorEpoch, sweep: settings.sweep,
      blasCore: core,
      datasetDigest: settings.dataset, datasetName: settings.datasetName,
      datasetBytes: settings.datasetBytes, heartbeat: settings.heartbeat, lease: settings.lease)
    terms.hang = settings.hang
    terms.checkpointEvery = settings.checkpointEvery
    return terms
  }
}
