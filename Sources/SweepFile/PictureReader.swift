import Sweep
import VAE

/// Reads `pictures:`, a list of kinds or a mapping of kinds and seeds.
enum PictureReader {
  private static let keys = ["kinds", "seeds"]
  private static let names = PictureKind.allCases.map(\.rawValue)

  static func read(_ pictures: Entry?) throws(Fault) -> ArtifactPlan {
    guard let pictures, !pictures.node.isNull else { return .none }
    guard case .mapping = pictures.node else {
      return ArtifactPlan(pictures: try kinds(pictures))
    }
    var listed: Set<PictureKind>?
    var seeds = ArtifactPlan.usualSeeds
    for entry in try pictures.node.entries(of: "pictures:") {
      switch entry.name {
      case "kinds": listed = try kinds(entry)
      case "seeds": seeds = try self.seeds(entry)
      default: throw DefinitionReader.unknown(entry, under: "pictures", known: keys)
      }
    }
    guard let listed else {
      throw Fault(
        pictures.place, "pictures: has no kinds: give kinds: all or a list of \(known)")
    }
    return ArtifactPlan(pictures: listed, seeds: seeds)
  }

  private static var known: String { names.joined(separator: ", ") }

  private static func kinds(_ entry: Entry) throws(Fault) -> Set<PictureKind> {
    if case .scalar(let scalar) = entry.node, scalar.string == "all" {
      return Set(PictureKind.allCases)
    }
    guard case .sequence(let list) = entry.node else {
      throw entry.refused(mustBe: "all or a list of \(known)")
    }
    var kinds: Set<PictureKind> = []
    for item in list {
      let element = Entry(name: entry.name, place: entry.place, node: item)
      guard case .scalar(let scalar) = item, let kind = PictureKind(rawValue: scalar.string) else {
        let hint = Suggestion.nearest(to: item.written, among: names)
        throw element.refused(
          mustBe: "one of \(known)" + (hint.map { " (did you mean \($0)?)" } ?? ""))
      }
      guard kinds.insert(kind).inserted else {
        throw element.fault("\(kind.rawValue) stands twice in the list")
      }
    }
    return kinds
  }

  private static func seeds(_ entry: Entry) throws(Fault) -> ArtifactPlan.Seeds {
    if case .scalar(let scalar) = entry.node, scalar.string == "all" { return .all }
    guard let count = entry.node.wholeNumber, count > 0 else {
      throw entry.refused(mustBe: "all or how many of the first seeds, a whole number from 1")
    }
    return .first(count)
  }
}
