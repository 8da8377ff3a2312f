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
      """)

  @Option(help: "Where the coordinator listens, such as tcp://HOST:5757.") var connect: String
  @Option(
    parsing: .unconditional, help: "Points trained at once, one core each (default: one per core).",
    transform: NumberOption.whole(1...4096)) var slots: Int?
  @Option(help: "How long to wait for a coordinator: 30s, 10m, 2h.") var wait = Patience(
    .seconds(600))
  @Flag(help: "Wait for the next coordinator when a sweep is complete.") var stay = false
  @OptionGroup var contact: ContactOptions
  @Flag(help: .private) var endWithInput = false
  @Flag(help: "Say nothing but warnings and errors.") var quiet = false
  @Option(
    help: ArgumentHelp(
      "Folder that keeps what the coordinator has not acknowledged (default: "
        + "$XDG_STATE_HOME/vaesweep, else state in the cache).", valueName: "dir"))
  var state: String?
  @OptionGroup var data: DataOptions

  func run() throws {
    let endpoint = try EndpointOption.parse(connect, option: "--connect")
    let server = try contact.server(at: endpoint, option: "--connect")
    let cores = ThisProgram.cores
    let count = slots ?? cores
    try FileNeeds.require(slots: count)
    do throws(DatasetError) {
      try data.folders.requireExplicit()
    } catch {
      throw CommandError.of(error)
    }
    try ThisProgram.requireCPU(blasCore: TrainerEnvironment.native)
    var logger = Logger.console()
    if quiet { logger.logLevel = .warning }
    if count > cores {
      let cpus = ThisProgram.cpus.description
      logger.warning("\(count) slots on \(cpus): the trainers will slow each other down")
    }
    contact.warn(about: endpoint, logger)
    let keys = try server.map { (server) throws(CommandError) in try ownKeys(server, logger) }
    let session = SessionID(UInt64.random(in: 1...UInt64.max))
    let state = try openState(session, logger)
    var hello = Hello(
      version: programVersion, trainerVersion: Trainer.version, host: HostName.current,
      process: Int(ProcessInfo.processInfo.processIdentifier), cpu: CPUFeatures.modelName,
      slots: count, cores: cores, blasCores: ThisProgram.blasCores)
    hello.predecessors = state?.predecessors ?? []
    let options = AgentOptions(
      endpoint: endpoint,
      settings: AgentSettings(session: session, hello: hello, wait: wait.duration, stay: stay),
      // Not the path: what stands there may have been replaced by another build meanwhile.
      binary: "/proc/self/exe", folders: data.folders, keys: keys, state: state)
    let ending: AgentEnding
    do {
      let stop = try StopSignal()
      Signals.request(stop)
      if endWithInput { InputWatch.request(stop) }
      let service = try AgentService(options: options, stop: stop, logger: logger)
      ending = try service.run()
    } catch {
      throw CommandError.failure("\(error)")
    }
    guard ending.status == 0 else { throw CommandError(.error, ending.message) }
    // Whoever started it, as `run` does, tells how the sweep ended.
    if let message = ending.message, !endWithInput { logger.info("\(message)") }
  }

  /// This worker's own key, made at its first start, beside the one it expects to find.
  private func ownKeys(
    _ server: CurvePublicKey, _ logger: Logger
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
    return WorkerKeys(own: made.pair, server: server, approval: approval)
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
