import Coordinator
import Dashboard
import Dataset
import Foundation
import Logging
import Platform
import ResultStore
import Sweep
import SweepFile
import VAE
import Wire
import Worker
import ZeroMQ

/// Everything from a loaded sweep to a coordinator that listens; `run` and `coordinator` share it.
struct CoordinatorLaunch {
  var sweep: LoadedSweep
  let storePath: String
  let endpoint: Endpoint
  let numerics: NumericOptions
  /// How long a silent worker keeps its attempts.
  let lease: Duration
  /// How long attempts of earlier coordinators may still be claimed.
  let grace: Duration
  let trainers: TrainerTimeOptions
  /// Whether points that failed earlier are open again.
  let retriesFailed: Bool
  /// Who is let in; nil for everybody.
  var keys: CoordinatorKeys?
  /// The definition of the sweep that it is an extension of.
  var extended: Digest?
  /// Whether it takes the place of what is worked on under its name.
  var replaces = false
  /// Orders that this start takes back, where they stand.
  var takesBack: [SweepOrder] = []
  /// How long it stays for audits when everything else is done.
  var linger = Duration.zero
  /// Whether it is logged what becomes of each attempt.
  var logsAttempts = false

  /// What every start of a coordinator on one store shares.
  struct Ground {
    let listener: CoordinatorListener
    let identity: StoreIdentity
  }

  /// What follows the coordinator from its first start to its last.
  var follower: SweepFollower {
    let dataset = sweep.dataset
    return SweepFollower(sweep.definition.grid, store: storePath) { MeasuredTiming(dataset) }
  }

  func prepare(stop: StopSignal) throws(CommandError) -> Ground {
    let core = try chooseCore()
    let fingerprint = try Fingerprint.measure(blasCore: core, stop: stop)
    let identity = StoreIdentity(
      datasetDigest: sweep.datasetDigest, trainerVersion: Trainer.version, blasCore: core,
      fingerprint: fingerprint, mixed: numerics.mixed)
    do {
      // An endpoint that is taken must not leave a new store behind.
      return Ground(
        listener: try CoordinatorListener(endpoint, keys: keys), identity: identity)
    } catch {
      throw .failure("\(error)")
    }
  }

  /// - Parameters:
  ///   - follower: Told what is committed, for whoever watches.
  ///   - extender: Judges the sweeps that operators want it to go on with; nil where it takes none.
  ///   - asker: The operator who has given it this sweep while it ran.
  func start(
    _ ground: Ground, follower: any SweepFollowing, extender: (any SweepExtending)? = nil,
    asker: PeerID? = nil, stop: StopSignal, logger: Logger
  ) throws(CommandError) -> CoordinatorService {
    do {
      let store = try open(ground.identity, logger: logger)
      let looks = try LookKeeper(sweep.definition, store: storePath)
      return try CoordinatorService(
        listener: ground.listener,
        options: CoordinatorOptions(datasetFile: sweep.dataset.cacheFile), store: store,
        design: looks, follower: follower, extender: extender, extensionAsker: asker, stop: stop,
        logger: logger)
    } catch let error as CommandError {
      throw error
    } catch let error as StoreError {
      throw .of(error)
    } catch {
      throw .failure("\(error)")
    }
  }

  private func open(_ identity: StoreIdentity, logger: Logger) throws(CommandError) -> OpenedStore {
    let definition = sweep.definition
    let bytes = sweep.dataset.bytes
    do throws(StoreError) {
      let store = try ResultStore(path: storePath, identity: identity)
      let id = try store.register(
        sweep: definition.name, dataset: definition.dataset,
        definition: definition.definitionDigest, yaml: sweep.yaml,
        extending: extended, replacing: replaces, at: Date().timeIntervalSince1970)
      try record(definition, of: id, in: store, logger: logger)
      if retriesFailed { try reopenFailed(of: id, in: store, logger: logger) }
      try takeBack(of: id, in: store, logger: logger)
      return try OpenedStore(store, sweep: id, grace: grace) { epoch in
        var settings = SchedulerSettings(
          sweep: definition.name, grid: definition.grid, dataset: identity.datasetDigest,
          datasetName: sweep.dataset.name.description, datasetBytes: bytes,
          trainerVersion: identity.trainerVersion, coordinatorEpoch: epoch,
          blasCore: identity.blasCore, fingerprint: identity.fingerprint, mixed: identity.mixed)
        settings.trainImages = sweep.dataset.trainCount
        settings.lease = lease
        settings.linger = linger
        settings.artifacts = definition.artifacts
        settings.logsAttempts = logsAttempts
        settings.hang = trainers.hang.duration
        settings.checkpointEvery = trainers.checkpointEvery.duration
        return settings
      }
    } catch {
      throw .of(error)
    }
  }

  /// Fixes the sweep's claims before anything is granted.
  private func record(
    _ definition: SweepDefinition, of sweepID: SweepID, in store: ResultStore, logger: Logger
  ) throws(StoreError) {
    let family = definition.claims
    let reader = try store.reader()
    let known = try reader.claimFamilies().filter { $0.definition == definition.definitionDigest }
    guard !family.isEmpty || !known.isEmpty, known.last?.digest != family.digest else { return }
    var before = 0
    try reader.forEachOutcome { stored in
      if definition.grid.index(of: stored.outcome.point) != nil { before += 1 }
      return true
    }
    try store.record(
      claims: family.digest, family: family.json.canonical, yaml: sweep.yaml, of: sweepID,
      outcomesBefore: before, at: Date().timeIntervalSince1970)
    let told = "\(family.claims.count.of("claim")), family \(family.digest.short)"
    if before == 0 {
      logger.info("\(told), recorded before the first outcome")
    } else {
      logger.warning(
        "\(told), recorded after \(before.of("outcome")): what was not fixed before them is post hoc"
      )
    }
  }

  /// Only this sweep's points: those of others stay as they are.
  private func reopenFailed(of id: SweepID, in store: ResultStore, logger: Logger)
    throws(StoreError)
  {
    let grid = sweep.definition.grid
    let failed = try store.reader().troubledPoints().filter {
      $0.tally.isFailed && grid.index(of: $0.point) != nil
    }
    // Of every sweep: whose artifacts are not wanted is not trained again for them.
    let artifacts = try store.reader().givenUpArtifacts()
    let cancelled = CancelledPositions(of: grid, by: try store.orders(of: id))
    guard !failed.isEmpty || !artifacts.isEmpty || !cancelled.positions.isEmpty else { return }
    let keys = failed.map(\.key) + artifacts.sorted()
    let now = Date().timeIntervalSince1970
    if cancelled.positions.isEmpty {
      _ = try store.commit([.reopen(keys, at: now)])
    } else {
      _ = try store.commit([.order(.retry(.all), of: id, owner: nil, reopened: keys, at: now)])
      logger.info("points that were cancelled are wanted again: \(cancelled.positions.count)")
    }
    if !failed.isEmpty {
      let count = "\(failed.count) failed point\(failed.count == 1 ? " is" : "s are")"
      logger.info("\(count) tried again")
    }
    if !artifacts.isEmpty {
      logger.info("pictures and measures that were given up are tried again: \(artifacts.count)")
    }
  }

  private func takeBack(of id: SweepID, in store: ResultStore, logger: Logger)
    throws(StoreError)
  {
    guard !takesBack.isEmpty else { return }
    let before = StandingOrders(try store.orders(of: id))
    for order in takesBack where before.isChanged(by: order) {
      let now = Date().timeIntervalSince1970
      _ = try store.commit([.order(order, of: id, owner: nil, reopened: [], at: now)])
      logger.info("an operator's order of before is taken back: \(order.verb)")
    }
  }

  /// The store's core where it has one, else what was asked for, else the default.
  private func chooseCore() throws(CommandError) -> String {
    let recorded: RecordedTerms?
    do throws(StoreError) {
      recorded = try ResultStore.recordedTerms(path: storePath)
    } catch {
      throw .of(error)
    }
    if let recorded {
      if let asked = numerics.blasCore, asked != recorded.blasCore {
        throw .badInput(
          "--blas-core \(asked): \(storePath) was started with \(recorded.blasCore); "
            + "leave the option out or choose another store")
      }
      return recorded.blasCore
    }
    let core = (numerics.blasCore ?? TrainerEnvironment.defaultCore).lowercased()
    try ThisProgram.requireCPU(blasCore: core)
    return core
  }
}
