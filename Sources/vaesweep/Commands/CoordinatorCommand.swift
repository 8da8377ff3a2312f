import ArgumentParser
import Coordinator
import Dashboard
import Dataset
import Logging
import Platform
import Sweep
import Wire
import ZeroMQ

struct CoordinatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coordinator", abstract: "Hand out a sweep's points to workers on any host.",
    discussion: """
      Ends when every point is settled: 0 if all have an outcome, 3 if some failed or are cancelled. \
      Stopped by SIGINT or SIGTERM it keeps its state; start it again on the same store to go on. A sweep \
      that 'vaesweep control extend' has extended goes on extended, also where it is started with the \
      file of before; --replace goes back to that.

      Bound beyond loopback, it encrypts and lets in only the keys that 'vaesweep keys' has \
      approved. It prints the line to run on each worker's host and, when an unknown key knocks, \
      the line that approves it. 'vaesweep keys invite' lets in many without approving each.
      """)

  @OptionGroup var sweep: SweepOptions
  @Option(help: "The results: an SQLite file, made if it is not there.") var store: String
  @Option(help: "Where workers connect, such as tcp://*:5757.") var bind = "tcp://127.0.0.1:5757"
  @Option(
    parsing: .unconditional, help: "How long a silent worker keeps its points: 15s, 1m.",
    transform: Patience.read)
  var lease = Patience(.seconds(15))
  @Option(
    parsing: .unconditional,
    help: "Stay this long for audits, workers and all, when nothing is left to train: 10m, 2h.",
    transform: Patience.read)
  var linger = Patience(.zero)
  @Flag(help: "Listen beyond loopback without encryption, to whoever comes.") var insecure = false
  @OptionGroup var keyFolder: KeyOptions
  @OptionGroup var trainers: TrainerTimeOptions
  @OptionGroup var numerics: NumericOptions
  @OptionGroup var retry: RetryOptions
  @OptionGroup var succession: SuccessionOptions
  @OptionGroup var dashboard: HTTPOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var attempts: AttemptLogOptions

  func run() throws {
    try ThisProgram.requireAddressSpace()
    let endpoint = try EndpointOption.parse(bind, option: "--bind")
    guard lease.duration >= .seconds(2) else {
      throw CommandError.badInput("--lease \(lease): workers speak every second, so at least 2s")
    }
    let plan = try dashboard.plan()
    try FileNeeds.require()
    try trainers.check()
    let logger = Logger.console()
    let loaded = try SweepSuccession(store: store, file: sweep.sweep, logger: logger)
      .resolve(try sweep.load(), replaces: succession.replace)
    if insecure, !endpoint.isLoopback {
      logger.warning("--insecure: anybody who reaches \(endpoint) can read and deliver results")
    }
    let folder = keyFolder.folder
    let keys =
      endpoint.isLoopback || insecure ? nil : try CoordinatorKeys.prepare(in: folder, logger)
    let stop = try StopSignal()
    Signals.request(stop)
    var launch = CoordinatorLaunch(
      sweep: loaded, storePath: store, endpoint: endpoint, numerics: numerics,
      lease: lease.duration, grace: lease.duration, trainers: trainers,
      retriesFailed: retry.retryFailed, keys: keys, linger: linger.duration)
    launch.replaces = succession.replace
    launch.logsAttempts = attempts.logAttempts
    let follower = launch.follower
    let server = try plan.map { (plan) throws(CommandError) in try plan.serve(follower, logger) }
    defer { withExtendedLifetime(server) {} }
    let ground = try launch.prepare(stop: stop)
    let extender = SweepExtender(file: sweep.sweep, store: store, running: loaded)
    var service: CoordinatorService? = try launch.start(
      ground, follower: follower, extender: extender, stop: stop, logger: logger)
    let reached = ground.listener.endpoint
    let listening =
      "sweep \(loaded.definition.name) on \(loaded.dataset.name), store \(store): waiting for "
      + "workers at \(reached)"
    logger.info("\(listening)")
    if let keys {
      keys.announce(reached, folder: folder, logger)
    } else if !endpoint.isLoopback {
      reached.announceWorkers("--insecure", logger)
    }
    let watch = { (status: StatusReply) in if server != nil { follower.publish(status) } }
    while let ending = try end(of: &service, watch: watch) {
      guard let asker = ending.extensionAsker else { return try ending.exit() }
      launch.sweep = extender.running
      launch.extended = extender.extended
      launch.replaces = extender.replaces
      follower.goOn(with: launch.sweep.definition.grid)
      logger.info("an operator has extended the sweep: \(launch.sweep.definition.name)")
      service = try launch.start(
        ground, follower: follower, extender: extender, asker: asker, stop: stop, logger: logger)
    }
  }

  /// Runs a coordinator to its end and lets go of it: the next one on its store finds that free.
  private func end(of service: inout CoordinatorService?, watch: (StatusReply) -> Void)
    throws(CommandError) -> CoordinatorEnding?
  {
    defer { service = nil }
    guard let service else { return nil }
    return try CoordinatorEnding.of(service, stopWorkers: nil, watch: watch)
  }
}

extension CoordinatorEnding {
  /// Runs a coordinator with its progress shown.
  static func of(
    _ service: CoordinatorService, stopWorkers: (() -> Void)?,
    watch: (StatusReply) -> Void = { _ in }
  ) throws(CommandError) -> CoordinatorEnding {
    var display = ProgressDisplay()
    defer { display.end() }
    do throws(CoordinatorError) {
      return try service.run(stopWorkers: stopWorkers) { status in
        display.show(status)
        watch(status)
      }
    } catch {
      throw .failure(error.description + (error.advice.map { "; \($0)" } ?? ""))
    }
  }

  /// Throws what the exit status is to say, if anything.
  func exit() throws(CommandError) {
    if !isComplete, let trouble {
      throw CommandError(
        .error, "\(trouble); what is committed is safe: put it right and start again")
    }
    guard isComplete else {
      throw CommandError(
        .interrupted, "interrupted; start again on the same store to go on where it was")
    }
    guard failures == 0, cancelled == 0 else {
      let counts = [(failures, "failed"), (cancelled, "cancelled")].filter { $0.0 > 0 }
      throw CommandError(
        .failedPoints,
        "the sweep is complete, but "
          + counts.map { "\($0.0.of("point")) \($0.1)" }.joined(separator: " and ")
          + (cancelled > 0
            ? " (by '\(cancellations.joined(separator: "', '"))'): --retry-failed tries them again"
            : ""))
    }
  }
}
