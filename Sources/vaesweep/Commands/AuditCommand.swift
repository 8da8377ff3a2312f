import ArgumentParser
import Dataset
import Platform
import ResultStore
import StoredStudy
import Sweep
import Tables
import Worker

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Train a sample of a store's points again and compare the results bit for bit.",
    discussion: """
      Prints one root hash over all results of the store: two stores that hold the same results have \
      the same, whatever order, hosts or restarts made them. Points are compared bit for bit where \
      this host computes as the one that made them did (its numeric fingerprint), else as numbers. \
      Nothing is written to the store. Exit status 1 where a point differs or cannot be trained.
      """)

  @Argument(help: "The store, an SQLite file.") var store: String
  @Option(
    help: """
      How many points are trained again: a share of all, such as 2% (rounded up), or a number; 0 for \
      the root hash alone.
      """)
  var sample = SampleSize.percent(2)
  @Option(
    parsing: .unconditional, help: "Chooses the sample: another seed, other points.",
    transform: NumberOption.seed) var sampleSeed: UInt32 = 0
  @Option(
    parsing: .unconditional, help: "Points trained at once, one core each (default: one per core).",
    transform: NumberOption.whole(1...4096)) var slots: Int?
  @Option(help: "BLAS core to train with (default: the store's).") var blasCore: String?
  @Option(help: "Write a page that says what was audited, and what came of it, to this file.")
  var certificate: String?
  @Option(help: "Where the dataset is now, if not where the sweep file says.")
  var dataset: String?
  @OptionGroup var choice: SweepChoice
  @OptionGroup var data: DataOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let file = try certificate.map { path throws(CommandError) in
      try OutputFile(path, option: "--certificate")
    }
    let stored = try StoredResults(store)
    let ledger = try ResultLedger(stored, sweep: choice.sweep)
    if ledger.failed > 0 {
      Console.say(
        "left out: \(ledger.failed.of("point")) that failed: without a result they have no part in "
          + "the root hash")
    }
    let sample = AuditSample(size: sample, seed: sampleSeed)
    let chosen = sample.choose(from: ledger.keys)
    let audit = try chosen.isEmpty ? nil : PointAudit(self, stored, chosen)
    var report = try AuditCertificate(stored, ledger, sample, audit)
    report.sweep = choice.sweep
    try Output.write(report.render(output.format))
    try file?.write(Array(report.page.utf8))
    if let complaint = report.complaint { throw CommandError.failure(complaint) }
  }
}

extension SampleSize: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}

/// The chosen points, trained once more on this host.
private struct PointAudit {
  let auditor: AuditCertificate.Auditor
  let points: [AuditedPoint]

  init(_ command: AuditCommand, _ stored: StoredResults, _ keys: [PointKey]) throws(CommandError) {
    try stored.requireTrainer()
    let core = (command.blasCore ?? stored.terms.blasCore).lowercased()
    let slots = command.slots ?? ThisProgram.cores
    try FileNeeds.require(slots: slots)
    let stop: StopSignal
    do throws(SystemError) { stop = try StopSignal() } catch { throw .failure(error) }
    Signals.request(stop)
    let fingerprint = try Fingerprint.measure(blasCore: core, stop: stop)
    let prepared = try stored.dataset(command.dataset, command.data)
    var outcomes: [StoredOutcome] = []
    do throws(StoreError) {
      for key in keys {
        if let outcome = try stored.reader.outcome(of: key) { outcomes.append(outcome) }
      }
    } catch {
      throw .of(error)
    }
    let pool = TrainerPool(
      binary: ThisProgram.path, blasCore: core, slots: slots, datasetFile: prepared.cacheFile,
      datasetDigest: stored.datasetDigest)
    let count = outcomes.count.of("point")
    let trained: [PointKey: TrainerPool.Training]?
    do throws(SystemError) {
      trained = try pool.train(
        outcomes.map { ($0.outcome.key, $0.outcome.point) }, stop: stop
      ) { done in
        let line = "\(done)/\(count) trained again"
        if Console.isTerminal { Console.showBar(line) } else { Console.say(line) }
      }
    } catch {
      throw .failure(error)
    }
    Console.endBar()
    guard let trained else { throw CommandError(.interrupted, "interrupted: nothing is certified") }
    points = outcomes.map { kept in
      let again: AuditedPoint.Again =
        switch trained[kept.outcome.key] {
        case .finished(let outcome, let receipt)?: .outcome(outcome, receipt)
        case .lost(let reason)?: .notTrained(reason)
        case nil: .notTrained("no trainer took it")
        }
      return AuditedPoint(
        kept: kept.outcome, receipt: kept.receipt, keptDigest: kept.resultDigest, again: again)
    }
    let host = HostIdentity.named(blasCore: core, fingerprint: fingerprint)
    auditor = AuditCertificate.Auditor(
      host: host.name, cpu: host.cpu, blasCore: host.blasCore, fingerprint: host.fingerprint)
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
      diverged: ledger.diverged, failed: ledger.failed, sample: sample, auditor: audit?.auditor,
      audited: audit?.points ?? [], madeAt: LocalTime.now)
  }
}
