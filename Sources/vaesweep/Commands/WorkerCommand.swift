import ArgumentParser
import Dataset
import Foundation
import Keyring
import Logging
import Platform
import Processor
import Sweep
import VAE
import Wire
import Worker
import ZeroMQ

struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Train what a coordinator hands out, on this host.",
    discussion: """
      Beyond loopback it needs the coordinator's public key (--server-key), and its own must be \
      approved there. It makes its own at its first start and says how it is approved; it waits \
      for that as it waits for a coordinator.

      With an invitation ('vaesweep keys invite') it needs nothing else: that names the coordinator, \
      and has this worker's key approved. Others can see the arguments of a program; so an invitation \
      may also stand in $VAESWEEP_JOIN, or in a file of which --join @FILE names the path. A worker \
      whose key is approved already gets in whatever has become of the invitation.
      """)

  @Option(
    help: """
      Where the coordinator listens, such as tcp://HOST:5757; with --join only where that is another \
      place than the invitation names.
      """) var connect: String?
  @Option(
    help: ArgumentHelp(
      "An invitation, or the file with it (else $VAESWEEP_JOIN).", valueName: "invitation|@file"))
  var join: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Points trained at once, one core each (default: one per core). auto keeps each trainer to one CPU, as \
      the default does where the process may not run on all of the machine's.
      """, valueName: "n|auto"),
    transform: SlotCount.parse) var slots: SlotCount?
  @OptionGroup var limit: TimeLimitOptions
  @Option(
    parsing: .unconditional, help: "How long to wait for a coordinator: 30s, 10m, 2h.",
    transform: Patience.read) var wait = Patience(.seconds(600))
  @Flag(help: "Wait for the next coordinator when a sweep is complete.") var stay = false
  @OptionGroup var contact: ContactOptions
  @Flag(help: .private) var endWithInput = false
  @Flag(help: .private) var tellEnd = false
  @Flag(help: "Say nothing but warnings and errors.") var quiet = false
  @Option(
    help: ArgumentHelp(
      "Folder that keeps what the coordinator has not acknowledged (default: "
        + "$XDG_STATE_HOME/vaesweep, else state in the cache).", valueName: "dir"))
  var state: String?
  @OptionGroup var log: LogOptions
  @OptionGroup var data: DataOptions

  func run() throws {
    var logger = Logger.worker(
      HostName.current, process: Int(ProcessInfo.processInfo.processIdentifier))
    if quiet { logger.logLevel = .warning }
    let aim = try WorkerAim(connect: connect, join: join, contact, logger)
    let endpoint = aim.endpoint
    let end = try limit.end()
    let cores = ThisProgram.cores
    let slots = SlotPlan(slots)
    let count = slots.count
    try FileNeeds.require(slots: count)
    do throws(DatasetError) {
      try data.folders.requireExplicit()
    } catch {
      throw CommandError.of(error)
    }
    try ThisProgram.requireCPU(blasCore: TrainerEnvironment.native)
    if count > cores {
      let cpus = ThisProgram.cpus.description
      logger.warning("\(count) slots on \(cpus): the trainers will slow each other down")
    }
    contact.warn(about: endpoint, logger)
    let keys = try aim.server.map { (server) throws(CommandError) in
      try ownKeys(server, aim.invitation == nil ? .option : .invitation, logger)
    }
    let session = SessionID(UInt64.random(in: 1...UInt64.max))
    let state = try openState(session, logger)
    var hello = Hello(
      version: programVersion, trainerVersion: Trainer.version, host: HostName.current,
      process: Int(ProcessInfo.processInfo.processIdentifier), cpu: CPUFeatures.modelName,
      slots: count, cores: cores, blasCores: ThisProgram.blasCores)
    hello.predecessors = state?.predecessors ?? []
    hello.allocation = Allocation(environment: ProcessInfo.processInfo.environment)
    let held = hold(slots.plan, logger)
    var options = AgentOptions(
      endpoint: endpoint,
      settings: AgentSettings(session: session, hello: hello, wait: wait.duration, stay: stay),
      // Not the path: what stands there may have been replaced by another build meanwhile.
      binary: "/proc/self/exe", folders: data.folders, keys: keys, state: state)
    options.end = end
    options.cpus = held == nil ? [] : slots.plan.cpus
    let ending: AgentEnding
    do {
      let stop = try StopSignal()
      Signals.request(stop)
      if endWithInput { InputWatch.request(stop) }
      ending =
        try notLetIn(by: aim.invitation, options, stop, logger)
        ?? AgentService(options: options, stop: stop, logger: logger).run()
    } catch {
      throw CommandError.failure("\(error)")
    }
    // Until here the CPUs are this worker's.
    withExtendedLifetime(held) {}
    guard ending.status == 0 else { throw CommandError(.error, ending.message) }
    // Whoever started it, as `run` does, tells how the sweep ended, or asks to be told.
    if let message = ending.message, !endWithInput || tellEnd { logger.info("\(message)") }
  }

  /// Takes the CPUs to which trainers are to be kept; nil where they are not.
  private func hold(_ plan: CPUPlan, _ logger: Logger) -> HeldCPUs? {
    guard plan.reason == .kept else { return nil }
    let held = HeldCPUs(plan.cpus)
    if held == nil {
      logger.info(
        "another worker keeps its trainers to CPUs of this process: these run on any of them")
    }
    return held
  }

  /// Has this worker's key approved by an invitation, if it has one.
  ///
  /// - Returns: How it ended where that is not to be.
  private func notLetIn(
    by invitation: Invitation?, _ options: AgentOptions, _ stop: StopSignal, _ logger: Logger
  ) throws(ZeroMQError) -> AgentEnding? {
    guard let invitation, let keys = options.keys else { return nil }
    let joining = JoinOptions(
      endpoint: options.endpoint, invitation: invitation.pair, keys: keys,
      session: options.settings.session, host: options.settings.hello.host,
      wait: options.settings.wait)
    switch try JoinService(options: joining, stop: stop, logger: logger).run() {
    case .admitted: return nil
    case .ended(let ending): return ending
    }
  }

  /// This worker's own key, made at its first start, beside the one it expects to find.
  private func ownKeys(
    _ server: CurvePublicKey, _ origin: WorkerKeys.Origin, _ logger: Logger
  ) throws(CommandError) -> WorkerKeys {
    let folder = contact.keyFolder.folder
    let made: (pair: CurveKeyPair, isNew: Bool)
    do throws(KeyringError) {
      made = try folder.pairOrNew(of: .worker)
    } catch {
      throw .of(error)
    }
    if made.isNew { logger.info("made this worker's key: \(folder.file(of: .worker))") }
    let name = ApprovedKeys.name(from: HostName.current)
    // Which folder the coordinator uses is not known here.
    let approval = KeyCommands(folder: KeyFolder(environment: [:])).approve(
      made.pair.publicKey, role: .worker, name: name)
    var keys = WorkerKeys(own: made.pair, server: server, approval: approval)
    keys.origin = origin
    return keys
  }

  /// The folder that was asked for must be usable; without the usual one a worker does its work all
  /// the same.
  private func openState(_ session: SessionID, _ logger: Logger) throws(CommandError)
    -> StateFolder?
  {
    do throws(SystemError) {
      return try StateFolder(state ?? data.folders.state, session: session)
    } catch {
      guard state == nil else { throw .badInput("--state: \(error)") }
      logger.warning("\(error): what this worker has finished does not outlive it")
      return nil
    }
  }
}

/// Which coordinator a worker is for, by whatever way it was told.
private struct WorkerAim {
  let endpoint: Endpoint
  /// nil where no keys are in use.
  let server: CurvePublicKey?
  let invitation: Invitation?

  init(
    connect: String?, join: String?, _ contact: ContactOptions, _ logger: Logger
  ) throws(CommandError) {
    invitation = try JoinOption.read(join, isAddressed: connect != nil, logger)
    let given = try connect.map { (text) throws(CommandError) in
      try EndpointOption.parse(text, option: "--connect")
    }
    if let invitation {
      guard contact.serverKey == nil, !contact.insecure else {
        throw .badInput(
          "an invitation holds the coordinator's key: leave --server-key and --insecure out")
      }
      endpoint = given ?? invitation.endpoint
      server = invitation.server
    } else {
      guard let given else {
        throw .badInput(
          "where is the coordinator? give --connect tcp://HOST:5757, or an invitation with --join "
            + "(see 'vaesweep worker --help')")
      }
      endpoint = given
      server = try contact.server(at: given, option: "--connect")
    }
  }
}
