import Dataset
import Platform
import ResultStore
import Sweep
import Tables
import VAE
import Wire
import Worker

/// The chosen points, trained once more.
struct PointAudit {
  let auditors: [AuditCertificate.Auditor]
  let points: [AuditedPoint]

  /// On this host.
  init(
    here command: AuditCommand, _ stored: StoredResults, _ keys: [PointKey], _ stop: StopSignal
  ) throws(CommandError) {
    let core = (command.blasCore ?? stored.terms.blasCore).lowercased()
    let slots = command.slots ?? ThisProgram.cores
    try FileNeeds.require(slots: slots)
    let fingerprint = try Fingerprint.measure(blasCore: core, stop: stop)
    let prepared = try stored.dataset(command.dataset, command.data)
    let outcomes = try stored.outcomes(of: keys)
    let pool = TrainerPool(
      binary: ThisProgram.path, blasCore: core, slots: slots, datasetFile: prepared.cacheFile,
      datasetDigest: stored.datasetDigest)
    let trained: [PointKey: TrainerPool.Training]?
    do throws(SystemError) {
      trained = try pool.train(
        outcomes.map { ($0.outcome.key, $0.outcome.point) }, stop: stop
      ) { AuditProgressLine.show($0, of: outcomes.count) }
    } catch {
      throw .failure(error)
    }
    Console.endBar()
    guard let trained else { throw .interruptedAudit }
    points = outcomes.map { kept in
      let again: AuditedPoint.Again =
        switch trained[kept.outcome.key] {
        case .finished(let outcome, let receipt)?: .outcome(outcome, receipt)
        case .lost(let reason)?: .notTrained(reason)
        case nil: .notTrained("no trainer took it")
        }
      return AuditedPoint(kept, again)
    }
    let host = HostIdentity.named(blasCore: core, fingerprint: fingerprint)
    auditors = [
      AuditCertificate.Auditor(
        host: host.name, cpu: host.cpu, blasCore: host.blasCore, fingerprint: host.fingerprint)
    ]
  }

  /// By the workers of a coordinator.
  init(
    through link: OperatorLink, _ stored: StoredResults, _ keys: [PointKey], _ stop: StopSignal
  ) throws(CommandError) {
    let outcomes = try stored.outcomes(of: keys)
    let orders = outcomes.map {
      AuditOrder(
        key: $0.outcome.key, point: $0.outcome.point, origin: TrainingSite($0.receipt))
    }
    let pull = AuditPull(
      AuditID(.random(in: 1 ... .max)), orders, dataset: stored.datasetDigest,
      trainerVersion: Trainer.version)
    var query = AuditQuery(link: link, pull: pull, count: orders.count, store: stored.path)
    defer { Console.endBar() }
    let results = try query.run(until: stop)
    points = outcomes.map {
      AuditedPoint($0, results[$0.outcome.key] ?? .notTrained("nobody told what came of it"))
    }
    auditors = Set(points.compactMap(\.receiptAgain).map(AuditCertificate.Auditor.init))
      .sorted { ($0.host, $0.cpu, $0.fingerprint) < ($1.host, $1.cpu, $1.fingerprint) }
  }
}

extension StoredResults {
  fileprivate func outcomes(of keys: [PointKey]) throws(CommandError) -> [StoredOutcome] {
    var outcomes: [StoredOutcome] = []
    do throws(StoreError) {
      for key in keys {
        if let outcome = try reader.outcome(of: key) { outcomes.append(outcome) }
      }
    } catch {
      throw .of(error)
    }
    return outcomes
  }
}

extension AuditedPoint {
  fileprivate init(_ stored: StoredOutcome, _ again: Again) {
    self.init(
      kept: stored.outcome, receipt: stored.receipt, keptDigest: stored.resultDigest, again: again)
  }
}

extension CommandError {
  static var interruptedAudit: CommandError {
    CommandError(.interrupted, "interrupted: nothing is certified")
  }
}

/// How far an audit is.
enum AuditProgressLine {
  static func show(_ done: Int, of count: Int, _ more: String = "") {
    let line = "\(done)/\(count.of("point")) trained again\(more)"
    if Console.isTerminal { Console.showBar(line) } else { Console.say(line) }
  }
}
