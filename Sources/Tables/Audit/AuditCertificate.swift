package import Sweep

/// What an audit found, with all that is needed to make it again: values in, texts out.
package struct AuditCertificate: Sendable {
  /// A sweep of the store.
  package struct AuditedSweep: Hashable, Sendable {
    package let name: String
    package let definition: Digest
    /// The sweep file's own bytes.
    package let file: Digest

    package init(name: String, definition: Digest, file: Digest) {
      self.name = name
      self.definition = definition
      self.file = file
    }
  }

  /// Where points were trained again.
  package struct Auditor: Hashable, Sendable {
    package let host: String
    package let cpu: String
    package let blasCore: String
    package let fingerprint: String

    package init(host: String, cpu: String, blasCore: String, fingerprint: String) {
      self.host = host
      self.cpu = cpu
      self.blasCore = blasCore
      self.fingerprint = fingerprint
    }

    package init(_ receipt: Receipt) {
      self.init(
        host: receipt.host, cpu: receipt.cpu, blasCore: receipt.blasCore,
        fingerprint: receipt.fingerprint)
    }

    fileprivate var shown: String { "\(host) (\(cpu), BLAS core \(blasCore))" }
  }

  /// Points that the sweeps ask for now and that have not ended.
  package struct Missing: Hashable, Sendable {
    package let points: Int
    /// Of them those of which nothing is to come unless they are wanted again.
    package let cancelled: Int

    package init(points: Int, cancelled: Int) {
      self.points = points
      self.cancelled = cancelled
    }

    /// Nil where there are none.
    package var words: String? {
      guard points > 0 else { return nil }
      return "\(points.of("point")) \(points == 1 ? "has" : "have") not ended"
        + (cancelled > 0 ? ", \(cancelled) of them cancelled" : "")
    }
  }

  /// As the user wrote it.
  package var store: String
  package var sweeps: [AuditedSweep]
  /// Of the store's sweeps the one that was asked for by name; nil for all.
  package var sweep: String?
  /// As the sweep files name it.
  package var dataset: String
  package var datasetDigest: Digest
  package var trainerVersion: Int
  /// As the store's first start fixed them.
  package var blasCore: String
  package var fingerprint: String
  package var rootHash: Digest
  package var ok: Int
  package var diverged: Int
  /// Points without an outcome, which have no part in the root hash.
  package var failed: Int
  /// Nil where nobody knows.
  package var missing: Missing?
  package var sample: AuditSample
  /// Where points were trained again, in the order of the hosts; none where nothing was.
  package var auditors: [Auditor]
  /// The coordinator whose workers did it; nil where this host did.
  package var connection: String?
  /// In the order of their keys.
  package var audited: [AuditedPoint]
  /// RFC 3339.
  package var madeAt: String

  package init(
    store: String, sweeps: [AuditedSweep], dataset: String, datasetDigest: Digest,
    trainerVersion: Int, blasCore: String, fingerprint: String, rootHash: Digest, ok: Int,
    diverged: Int, failed: Int, missing: Missing?, sample: AuditSample, auditors: [Auditor],
    audited: [AuditedPoint],
    madeAt: String
  ) {
    self.store = store
    self.sweeps = sweeps
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.trainerVersion = trainerVersion
    self.blasCore = blasCore
    self.fingerprint = fingerprint
    self.rootHash = rootHash
    self.ok = ok
    self.diverged = diverged
    self.failed = failed
    self.missing = missing
    self.sample = sample
    self.auditors = auditors
    self.audited = audited
    self.madeAt = madeAt
  }

  package func count(_ verdict: AuditedPoint.Verdict) -> Int {
    audited.count { $0.verdict == verdict }
  }

  /// Why the store cannot be vouched for, in one line; nil where nothing speaks against it.
  package var complaint: String? {
    let bad = audited.filter { [.differs, .notTrained].contains($0.verdict) }
    guard let first = bad.first else { return nil }
    let parts = [
      count(.differs) > 0 ? "\(count(.differs)) differ" : nil,
      count(.notTrained) > 0 ? "\(count(.notTrained)) could not be trained" : nil,
    ].compactMap(\.self)
    return "\(store): of \(audited.count.of("point")) trained again "
      + "\(parts.joined(separator: " and ")), the first is \(first.kept.key.short)"
  }

  /// What came of it, in words.
  package var conclusion: String { comparison + incompleteness }

  /// That the sweeps go on; empty where all points have ended, or nobody knows.
  private var incompleteness: String {
    missing?.words.map { " The store is not complete: \($0)." } ?? ""
  }

  /// What the points that were trained again showed.
  private var comparison: String {
    guard !audited.isEmpty else { return "No point was trained again." }
    var parts = ["\(count(.equal)) equal bit for bit"]
    if count(.differs) > 0 { parts.append("\(count(.differs)) DIFFER") }
    if count(.otherArithmetic) > 0 {
      parts.append(
        "\(count(.otherArithmetic)) made under another fingerprint, compared as numbers"
          + (farthest.map { " (losses up to \(JSONValue.number($0).compact) nats apart)" } ?? ""))
    }
    if count(.notTrained) > 0 { parts.append("\(count(.notTrained)) NOT TRAINED") }
    let sites = auditors.isEmpty ? "nowhere" : "on " + auditors.map(\.shown).joined(separator: ", ")
    return
      "\(audited.count.of("point")) of \(ok + diverged) trained again \(sites): "
      + "\(parts.joined(separator: ", ")). \(onOtherHost) on another host than the first time, "
      + "\(onOtherCPU) on another kind of CPU."
  }

  /// How far the losses of points made under another fingerprint lie apart at the most.
  private var farthest: Double? {
    audited.filter { $0.verdict == .otherArithmetic }.flatMap(\.differences)
      .map { abs($0.difference) }.max()
  }

  /// How many points were trained on another host than the first time.
  package var onOtherHost: Int { audited.count { $0.isElsewhere(\.host) } }

  /// How many points were trained on another kind of CPU than the first time.
  package var onOtherCPU: Int { audited.count { $0.isElsewhere(\.cpu) } }
}
