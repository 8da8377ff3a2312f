import ArgumentParser
import Coordinator
import Dashboard
import Dataset
import Foundation
import Logging
import Platform
import ResultStore
import StoredStudy
import Sweep
import Tables
import ZeroMQ

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a whole sweep on this machine and print its summary.",
    discussion: """
      A coordinator and a worker, started for you. Interrupted and run again on the same store it \
      goes on where it was; what is done is not done again.
      """)

  @OptionGroup var sweep: SweepOptions
  @Option(
    parsing: .unconditional, help: "Points trained at once, one core each (default: one per core).",
    transform: NumberOption.whole(1...4096)) var workers: Int?
  @Option(help: "The results: an SQLite file (default: NAME.sqlite here).") var store: String?
  @Option(help: "At the end, write a report of the store to this folder.") var report: String?
  @OptionGroup var trainers: TrainerTimeOptions
  @OptionGroup var numerics: NumericOptions
  @OptionGroup var retry: RetryOptions
  @OptionGroup var succession: SuccessionOptions
  @OptionGroup var dashboard: HTTPOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var attempts: AttemptLogOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    try ThisProgram.requireAddressSpace()
    let plan = try dashboard.plan()
    try FileNeeds.require()
    try trainers.check()
    let asked = try sweep.load()
    let folder = try report.map { path throws(CommandError) in try ReportMaker.folder(path) }
    let path = store ?? asked.defaultStore
    let logger = Logger.console()
    let loaded = try SweepSuccession(store: path, file: sweep.sweep, logger: logger)
      .resolve(asked, replaces: succession.replace)
    let stop = try StopSignal()
    Signals.request(stop)
    // This command's worker ends with it, so nobody can hold attempts of an earlier run.
    var launch = CoordinatorLaunch(
      sweep: loaded, storePath: path, endpoint: .onThisMachine(), numerics: numerics,
      lease: .seconds(15), grace: .zero, trainers: trainers,
      retriesFailed: retry.retryFailed)
    launch.replaces = succession.replace
    launch.logsAttempts = attempts.logAttempts
    // Nobody could take them back while it runs: no operator reaches it.
    launch.takesBack = [.resume, .undrain(host: HostName.current)]
    let follower = launch.follower
    let server = try plan.map { (plan) throws(CommandError) in try plan.serve(follower, logger) }
    defer { withExtendedLifetime(server) {} }
    let service = try launch.start(
      try launch.prepare(stop: stop), follower: follower, stop: stop, logger: logger)
    let slots = workers ?? ThisProgram.cores
    logger.info(
      "sweep \(loaded.definition.name) on \(loaded.dataset.name), store \(path), \(slots) at once")
    let worker = WorkerChild(endpoint: service.endpoint, slots: slots, stop: stop)
    worker.start()
    let ending = try CoordinatorEnding.of(
      service, stopWorkers: { worker.stop() },
      watch: { status in
        worker.observe(status)
        if server != nil { follower.publish(status) }
      })
    try worker.end()
    let study = try StoredStudy.read(store: path, only: loaded.definition)
    // The next plan knows how long points take here.
    _ = Estimate.ofThisHost(
      study.outcomes.compactMap { TrainedPoint($0.outcome, $0.receipt) }, on: loaded.dataset)
    try Output.write(SummaryPrinter(study: study).text(as: output.format))
    // Without an outcome there is nothing to report, and how the sweep ended is still to be said.
    if let folder, try !ReportMaker(store: path).writeIfAny(to: folder) {
      Console.say("no report: no point of \(path) has an outcome")
    }
    try ending.exit()
  }
}
