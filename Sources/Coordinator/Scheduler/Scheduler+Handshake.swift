import Sweep
import Wire

extension Scheduler {
  /// Answers a hello with the terms, or with a refusal that says what to change.
  mutating func answerHello(_ hello: Hello, _ origin: Origin) {
    guard hello.trainerVersion == settings.trainerVersion else {
      let text =
        "this worker has trainer version \(hello.trainerVersion) (vaesweep \(hello.version)), "
        + "the sweep needs \(settings.trainerVersion): run the same vaesweep on every host"
      return refuse(text, origin)
    }
    guard !isComplete else { return send(.finish, to: origin) }
    guard let core = blasCore(for: hello) else {
      let text =
        "the CPU of \(hello.host) (\(hello.cpu)) cannot run the BLAS core \(settings.blasCore) "
        + "that this store was started with: leave this host out, or start the coordinator with "
        + "--mixed"
      return refuse(text, origin)
    }
    if roster[origin.session] != nil {
      roster.note(origin.session, at: origin.peer, heard: time.now)
    } else {
      let worker = WorkerState(
        session: origin.session, hello: hello, owner: origin.owner, peer: origin.peer,
        heard: time.now)
      guard roster.introduce(worker) else {
        return complain(
          "more than \(WorkerRoster.maxWorkers) workers: \(hello.host) is left out",
          about: worker.subject)
      }
    }
    send(.terms(terms(core: core)), to: origin)
  }

  /// Admits a worker whose fingerprint is the store's.
  mutating func admit(_ ready: Ready, _ origin: Origin) {
    guard let worker = known(origin) else { return }
    guard settings.mixed || ready.fingerprint == settings.fingerprint else {
      roster.remove(origin.session)
      let text =
        "\(worker.hello.host) does not reproduce this store's numeric fingerprint under BLAS core "
        + "\(settings.blasCore) (\(ready.fingerprint.prefix(12)), the store has "
        + "\(settings.fingerprint.prefix(12))): install the same OpenBLAS as on the first host, "
        + "or start the coordinator with --mixed"
      return refuse(text, origin)
    }
    guard !worker.isAdmitted else { return }
    roster.admit(origin.session, fingerprint: ready.fingerprint)
    giveUpPredecessors(worker.hello.predecessors, of: worker)
    let slots = worker.hello.slots
    log(
      .info, "worker \(worker.name) joined with \(slots.of("slot"))", about: worker.subject)
    if isComplete { send(.finish, to: origin) }
  }

  /// Looks a session up and notes where it is now.
  ///
  /// A session this coordinator does not know is sent the terms, which makes it introduce itself.
  mutating func known(_ origin: Origin) -> WorkerState? {
    roster.note(origin.session, at: origin.peer, heard: time.now)
    guard let worker = roster[origin.session] else {
      if !roster.isNews(origin.session) { totals.misplaced += 1 }
      send(.terms(terms(core: settings.blasCore)), to: origin)
      return nil
    }
    return worker
  }

  /// As `known`, for what only an admitted worker may say.
  ///
  /// One that skipped a step is sent the terms again.
  mutating func admitted(_ origin: Origin) -> WorkerState? {
    guard let worker = known(origin) else { return nil }
    guard worker.isAdmitted else {
      totals.misplaced += 1
      send(.terms(terms(core: blasCore(for: worker.hello) ?? settings.blasCore)), to: origin)
      return nil
    }
    return worker
  }

  /// A worker leaves by its own will: what it held goes back at once and counts against no one.
  mutating func dismiss(_ session: SessionID) {
    guard let worker = roster.remove(session) else { return }
    defer { forgetArtifacts(of: session) }
    for id in worker.assigned.sorted() {
      guard let attempt = attempts[id], case .leased = attempt.phase else { continue }
      giveBack(id)
    }
    if worker.isAdmitted { log(.info, "worker \(worker.name) left", about: worker.subject) }
  }

  private mutating func refuse(_ reason: String, _ origin: Origin) {
    complain("refused a worker: \(reason)")
    send(.refusal(Refusal(reason: reason)), to: origin)
  }

  /// The BLAS core a worker is to use, or nil where it cannot take part.
  private func blasCore(for hello: Hello) -> String? {
    if hello.blasCores.contains(settings.blasCore) { return settings.blasCore }
    return settings.mixed ? "native" : nil
  }

  private func terms(core: String) -> Terms {
    var terms = Terms(
      store: settings.store, coordinatorEpoch: settings.coordinatorEpoch,
      coordinatorStart: settings.coordinatorStart, sweep: settings.sweep, blasCore: core,
      datasetDigest: settings.dataset, datasetName: settings.datasetName,
      datasetBytes: settings.datasetBytes, heartbeat: settings.heartbeat, lease: settings.lease)
    terms.hang = settings.hang
    terms.checkpointEvery = settings.checkpointEvery
    return terms
  }
}
