import Sweep
import VAE

/// Reads `claims:`, a list of statements with the tests that decide them.
///
/// What stands beside `parts:` holds for each of them; a claim without `parts:` is its own one part.
struct ClaimsReader {
  /// Every part is a test, and all of them share one level.
  static let most = 1000

  private static let ownKeys = ["id", "claim", "parts"]

  let grid: Grid
  /// Bounds that a store's claims have are read whatever they are.
  let origin: TrainKey.ValueOrigin
  /// Whether the sweep asks for optional measures.
  let hasOptional: Bool

  func read(_ claims: Entry?) throws(Fault) -> ClaimFamily {
    guard let claims, !claims.node.isNull else { return ClaimFamily([]) }
    guard case .sequence(let list) = claims.node else {
      throw claims.refused(mustBe: "a list of claims, each with id:, claim: and its test")
    }
    let reader = ClaimPartReader(grid: grid, origin: origin, hasOptional: hasOptional)
    var read: [Claim] = []
    var count = 0
    for item in list {
      let place = item.place ?? claims.place
      let (claim, shared) = try split(item.entries(of: "claims:"))
      let id = try text("id", claim["id"], place, atMost: 20)
      guard !read.contains(where: { $0.id == id }) else {
        throw Fault(claim["id"]?.place ?? place, "id: \(id) stands twice under claims:")
      }
      let words = try text("claim", claim["claim"], place, atMost: 500)
      var judged: [ClaimPart] = []
      var unread = shared
      for part in try partEntries(claim["parts"]) {
        let entries = part?.entries ?? shared
        let test = try reader.test((part?.entries["test"] ?? shared["test"]), part?.place ?? place)
        let inherited = shared.filter { ClaimPartReader.keys(of: test).contains($0.key) }
        for key in inherited.keys { unread[key] = nil }
        judged += try reader.parts(
          part == nil ? entries : inherited.merging(entries) { $1 }, of: test,
          place: part?.place ?? place)
      }
      if let entry = unread.values.min(by: { ($0.place?.line ?? 0) < ($1.place?.line ?? 0) }) {
        throw Fault(entry.place, "\(entry.name): no part of claim \(id) reads it")
      }
      count += judged.count
      guard count <= Self.most else {
        throw Fault(place, "claims: more than \(Self.most) parts")
      }
      read.append(Claim(id: id, words: words, parts: judged))
    }
    return ClaimFamily(read)
  }

  private func split(_ entries: [Entry]) throws(Fault) -> ([String: Entry], [String: Entry]) {
    var (own, parts): ([String: Entry], [String: Entry]) = ([:], [:])
    for entry in entries {
      if Self.ownKeys.contains(entry.name) {
        own[entry.name] = entry
      } else {
        guard ClaimPartReader.keys.contains(entry.name) else {
          throw DefinitionReader.unknown(
            entry, under: "claims", known: Self.ownKeys + ClaimPartReader.keys)
        }
        parts[entry.name] = entry
      }
    }
    return (own, parts)
  }

  /// Of each part what stands under it; one nil where the claim is its own part.
  private func partEntries(_ parts: Entry?) throws(Fault)
    -> [(entries: [String: Entry], place: Place?)?]
  {
    guard let parts else { return [nil] }
    guard case .sequence(let list) = parts.node, !list.isEmpty else {
      throw parts.refused(mustBe: "a list with at least one part")
    }
    var read: [(entries: [String: Entry], place: Place?)?] = []
    for item in list {
      var entries: [String: Entry] = [:]
      for entry in try item.entries(of: "parts:") {
        guard ClaimPartReader.keys.contains(entry.name) else {
          throw DefinitionReader.unknown(entry, under: "parts", known: ClaimPartReader.keys)
        }
        entries[entry.name] = entry
      }
      read.append((entries, item.place))
    }
    return read
  }

  private func text(_ key: String, _ entry: Entry?, _ place: Place?, atMost limit: Int)
    throws(Fault)
    -> String
  {
    guard let entry else { throw Fault(place, "claims: \(key): is missing") }
    guard case .scalar(let scalar) = entry.node, !entry.node.isNull,
      (1...limit).contains(scalar.string.count), !scalar.string.contains(where: \.isNewline)
    else { throw entry.refused(mustBe: "one line of 1 to \(limit) characters") }
    return scalar.string
  }
}
