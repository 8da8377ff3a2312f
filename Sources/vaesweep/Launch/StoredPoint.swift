import ResultStore
import Sweep

/// A point of a store that has an outcome, by its key or the beginning of it.
struct StoredPoint {
  let results: StoredResults
  let kept: StoredOutcome

  /// - Throws: Bad input where no outcome's key begins so, or more than one does.
  init(_ prefix: String, in results: StoredResults) throws(CommandError) {
    let found = try KeyPrefix(prefix).find(in: results)
    self.results = results
    let outcome: StoredOutcome?
    do throws(StoreError) {
      outcome = try results.reader.outcome(of: found, history: .full)
    } catch {
      throw .of(error)
    }
    guard let outcome else {
      throw .badInput(
        "\(results.path): point \(found.short) has no outcome yet; 'vaesweep show' says what became "
          + "of it")
    }
    kept = outcome
  }

  /// Tells how the point's new outcome stands to the stored one.
  ///
  /// - Throws: A failure where they differ.
  func compare(_ outcome: Outcome, _ receipt: Receipt) throws(CommandError) {
    let audited = AuditedPoint(
      kept: kept.outcome, receipt: kept.receipt, keptDigest: kept.resultDigest,
      again: .outcome(outcome, receipt))
    let own = audited.againDigest?.short ?? "none"
    let name = "point \(kept.outcome.key.short)"
    switch audited.verdict {
    case .equal:
      Console.say("\(name): the result digest \(own) is the store's")
    case .differs, .notTrained:
      throw .failure(
        "\(name): the result digest is \(own), and \(results.path) has \(kept.resultDigest.short), "
          + "made on \(kept.receipt.host) under the same fingerprint; nothing else is written")
    case .otherArithmetic:
      let far = audited.differences.map { abs($0.difference) }.max()
      let words =
        far.map { ", and its losses lie up to \(JSONValue.number($0).compact) apart" } ?? ""
      throw .failure(
        "\(name): this host computes with another fingerprint than \(kept.receipt.host) did (BLAS "
          + "core \(receipt.blasCore), and there \(kept.receipt.blasCore)): the result digest is "
          + "\(own), and \(results.path) has \(kept.resultDigest.short)\(words); nothing else is written"
      )
    }
  }
}

/// The beginning of a key, as a user writes it.
struct KeyPrefix {
  /// Candidates that are named.
  private static let maxNamed = 10

  let text: String

  init(_ text: String) throws(CommandError) {
    self.text = text.lowercased()
    let isKey =
      (1...64).contains(text.utf8.count)
      && self.text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard isKey else {
      throw .badInput(
        "the key \(text): write the first few of the 64 hexadecimal digits of a point's key, or all"
      )
    }
  }

  /// The one key of the store, of a point that was granted at least once, that begins so.
  func find(in results: StoredResults) throws(CommandError) -> PointKey {
    let found: [PointKey]
    do throws(StoreError) {
      found = try results.reader.keys(beginningWith: text, atMost: Self.maxNamed + 1)
    } catch {
      throw .of(error)
    }
    guard let first = found.first else {
      throw .badInput(
        "\(results.path) has no point that was handed out and whose key begins with \(text)")
    }
    guard found.count > 1 else { return first }
    let named = found.prefix(Self.maxNamed).map {
      String($0.description.prefix(max(12, text.count + 4)))
    }
    let more = found.count > Self.maxNamed ? ", …" : ""
    throw .badInput(
      "\(text) is the beginning of several keys in \(results.path): "
        + "\(named.joined(separator: ", "))\(more); write more of it")
  }
}
