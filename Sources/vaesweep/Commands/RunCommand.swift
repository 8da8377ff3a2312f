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

      As a Slurm step ('srun vaesweep run …' in a batch script) it is the whole cluster: the first task \
      coordinates and trains, and alone prints and writes; the others find it by a file that all of them \
      see (--rendezvous), and are its workers, encrypted and by an invitation.
      """)

  @OptionGroup var sweep: SweepOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Points trained at once, one core each (default: one per core); auto keeps each trainer to one CPU. \
      In a Slurm step of every task.
      """, valueName: "n|auto"),
    transform: SlotCount.parse) var workers: SlotCount?
  @Option(help: "The results: an SQLite file (default: NAME.sqlite here).") var store: String?
  @Option(help: "At the end, write a report of the store to this folder.") var report: String?
  @OptionGroup var limit: TimeLimitOptions
  @Option(
    help: ArgumentHelp(
      """
      In a Slurm step: a folder that all tasks see, in which they find each other (default: the one that \
      the job was submitted from).
      """, valueName: "dir"))
  var rendezvous: String?
  @Option(
    parsing: .unconditional,
    help: "In a Slurm step: how long the other tasks wait for the first: 30s, 10m, 2h.",
    transform: Patience.read)
  var wait = Patience(.seconds(600))
  @OptionGroup var keyFolder: KeyOptions
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
    try FileNeeds.require()
    try trainers.check()
    let environment = ProcessInfo.processInfo.environment
    let logger = Logger.console()
    guard let step = try SlurmStep(environment) else { return try runSweep(nil, logger) }
    let file = RendezvousFile(step, folder: rendezvous, environment: environment)
    guard step.isFirst else {
      let stop = try StopSignal()
      Signals.request(stop)
      return try StepMember(
        file: file, wait: wait.duration, slots: workers, end: try limit.end(),
        keyFolder: keyFolder.folder, stop: stop, logger: logger
      ).run()
    }
    file.clear()
    let lead = StepLead(file: file, keyFolder: keyFolder.folder, logger: logger)
    // However it ends, nobody is to wait for it.
    defer { lead.close() }
    try runSweep(lead, logger)
  }

  /// - Parameter lead: Where other tasks of a Slurm step work with this one.
  private func runSweep(_ lead: StepLead?, _ logger: Logger) throws {
    let plan = try dashboard.plan()
    let end = try limit.end()
    let asked = try sweep.load()
    let folder = try report.map { path throws(CommandError) in try ReportMaker.folder(path) }
    let path = store ?? asked.defaultStore
    let loaded = try SweepSuccession(store: path, file: sweep.sweep, logger: logger)
      .resolve(asked, replaces: succession.replace)
    let stop = try StopSignal()
    Signals.request(stop)
    // This command's workers end with it, so nobody can hold attempts of an earlier run.
    var launch = CoordinatorLaunch(
      sweep: loaded, storePath: path,
      endpoint: try lead.map { (_) throws(CommandError) in try StepLead.endpoint() }
        ?? .onThisMachine(),
      numerics: numerics, lease: .seconds(15), grace: .zero, trainers: trainers,
      retriesFailed: retry.retryFailed)
    launch.keys = try lead.map { (lead) throws(CommandError) in
      try CoordinatorKeys.prepare(in: lead.keyFolder, logger)
    }
    launch.replaces = succession.replace
    launch.logsAttempts = attempts.logAttempts
    // Nobody could take them back while it runs: no operator reaches it.
    launch.takesBack = [.resume, .undrain(host: HostName.current)]
    let follower = launch.follower
    let server = try plan.map { (plan) throws(CommandError) in try plan.serve(follower, logger) }
    defer { withExtendedLifetime(server) {} }
    let service = try launch.start(
      try launch.prepare(stop: stop), follower: follower, stop: stop, logger: logger)
    let slots = SlotPlan(workers)
    let tasks = lead.map { " in each of \($0.file.step.tasks) tasks" } ?? ""
    logger.info(
      "sweep \(loaded.definition.name) on \(loaded.dataset.name), store \(path), \(slots.count) at once\(tasks)"
    )
    let contact: WorkerArguments.Contact =
      if let lead {
        .invitation(try lead.open(service.endpoint))
      } else {
        .endpoint(service.endpoint.description)
      }
    let worker = WorkerChild(
      arguments: WorkerArguments(
        contact: contact, slots: workers, end: end, keyFolder: lead?.keyFolder,
        // Two processes cannot share the line that the progress bar stands on.
        isQuiet: Console.isTerminal), stop: stop)
    worker.start()
    let alarm = TimeLimitAlarm(end, stop: stop, logger: logger)
    let ending = try CoordinatorEnding.of(
      service, stopWorkers: { worker.stop() },
      watch: { status in
        alarm.look()
        worker.observe(status)
        if server != nil { follower.publish(status) }
      })
    // The others need not wait for the summary and the report.
    lead?.close()
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
