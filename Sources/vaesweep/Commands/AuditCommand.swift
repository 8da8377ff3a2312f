import ArgumentParser
import Platform
import ResultStore
import StoredStudy
import Sweep
import Tables

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Train a sample of a store's points again and compare the results bit for bit.",
    discussion: """
      Prints one root hash over all results of the store: two stores that hold the same results have \
      the same, whatever order, hosts or restarts made them. Points are compared bit for bit where \
      this host computes as the one that made them did (its numeric fingerprint), else as numbers. \
      Nothing is written to the store. Exit status 1 where a point differs or cannot be trained.

      With --connect the workers of a running coordinator train them, once its sweep leaves them time: \
      each point on another host than the first time, and of another kind of CPU, where there is one. \
      The coordinator may have any sweep over the same dataset; of one that is complete, start it \
      again with --linger and some workers.
      """)

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(
    parsing: .unconditional,
    help: """
      How many points are trained again: a share of all, such as 2% (rounded up), or a number; 0 for \
      the root hash alone.
      """, transform: SampleSize.read)
  var sample = SampleSize.percent(2)
  @Option(
    parsing: .unconditional, help: "Chooses the sample: another seed, other points.",
    transform: NumberOption.seed) var sampleSeed: UInt32 = 0
  @Option(help: "Have the points trained by the workers of the coordinator that listens here.")
  var connect: String?
  @Option(
    parsing: .unconditional,
    help: "Points trained at once on this host, one core each (default: one per core).",
    transform: NumberOption.whole(1...4096)) var slots: Int?
  @Option(help: "BLAS core to train with on this host (default: the store's).")
  var blasCore: String?
  @Option(help: "Write a page that says what was audited, and what came of it, to this file.")
  var certificate: String?
  @Option(help: "Where the dataset is now, if not where the sweep file says.")
  var dataset: String?
  @OptionGroup var choice: SweepChoice
  @OptionGroup var operatorOptions: OperatorOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    try checkOptions()
    let file = try certificate.map { path throws(CommandError) in
      try OutputFile(path, as: .certificate)
    }
    let stored = try StoredResults(store)
    let ledger = try ResultLedger(stored, sweep: choice.sweep)
    if ledger.failed > 0 {
      Console.say(
        "left out: \(ledger.failed.of("point")) that failed: without a result they have no part in "
          + "the root hash")
    }
    if let words = ledger.missing?.words {
      Console.say("not complete: \(words); the root hash is another when they have")
    }
    let sample = AuditSample(size: sample, seed: sampleSeed)
    let chosen = sample.choose(from: ledger.keys)
    let audit = try trainAgain(chosen, of: stored)
    var report = try AuditCertificate(stored, ledger, sample, audit)
    report.sweep = choice.sweep
    report.connection = audit == nil ? nil : connect
    try Output.write(report.render(output.format))
    try file?.write(Array(report.page.utf8))
    if let complaint = report.complaint { throw CommandError.failure(complaint) }
  }

  private func trainAgain(_ keys: [PointKey], of stored: StoredResults) throws(CommandError)
    -> PointAudit?
  {
    guard !keys.isEmpty else { return nil }
    try stored.requireTrainer()
    let stop: StopSignal
    do throws(SystemError) { stop = try StopSignal() } catch { throw .failure(error) }
    Signals.request(stop)
    guard let connect else { return try PointAudit(here: self, stored, keys, stop) }
    return try PointAudit(
      through: operatorOptions.link(to: connect, stop: stop), stored, keys, stop)
  }

  /// What has no meaning where others train.
  private func checkOptions() throws(CommandError) {
    guard connect != nil else { return }
    for (option, isGiven) in [
      ("--slots", slots != nil), ("--blas-core", blasCore != nil), ("--dataset", dataset != nil),
    ] where isGiven {
      throw .badInput("\(option) is for training on this host: leave it out with --connect")
    }
  }
}

extension SampleSize {
  private struct Wrong: Error, CustomStringConvertible {
    let description = "it must be a share from 0% to 100%, such as 2%, or a whole number from 0 on"
  }

  fileprivate static func read(_ text: String) throws -> SampleSize {
    guard let size = SampleSize(text) else { throw Wrong() }
    return size
  }
}

extension AuditCertificate {
  fileprivate init(
    _ stored: StoredResults, _ ledger: ResultLedger, _ sample: AuditSample, _ audit: PointAudit?
  ) throws(CommandError) {
    self.init(
      store: stored.path,
      sweeps: ledger.sweeps.map {
        AuditedSweep(name: $0.name, definition: $0.definition, file: Digest(of: $0.yaml))
      },
      dataset: Set(ledger.sweeps.map(\.dataset)).sorted().joined(separator: ", "),
      datasetDigest: stored.datasetDigest,
      trainerVersion: stored.sweeps.first?.trainerVersion ?? 0, blasCore: stored.terms.blasCore,
      fingerprint: stored.terms.fingerprint, rootHash: ledger.rootHash.value, ok: ledger.ok,
      diverged: ledger.diverged, failed: ledger.failed, missing: ledger.missing, sample: sample,
      auditors: audit?.auditors ?? [], audited: audit?.points ?? [], madeAt: LocalTime.now)
  }
}
