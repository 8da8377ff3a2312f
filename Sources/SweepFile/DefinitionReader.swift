import Sweep
import VAE

/// Reads the keys of a sweep file and joins them into a definition.
struct DefinitionReader {
  /// The folder that a relative dataset path is seen from.
  let folder: String

  /// Whether it is a user's file, or one that a store keeps, which was accepted once, perhaps by an
  /// earlier version.
  let origin: TrainKey.ValueOrigin

  /// Values that are accepted and do nothing.
  private(set) var warnings: [Fault] = []
  /// Where the values of train keys stand.
  private(set) var values = NamedValues()

  init(folder: String, origin: TrainKey.ValueOrigin) {
    self.folder = folder
    self.origin = origin
  }

  static let topKeys = [
    "extends", "name", "dataset", "input", "grid", "grids", "zip", "when", "exclude", "include",
    "train", "variance", "claims", "looks", "pictures", "measures",
  ]
  /// Keys that begin so are passed over: a place for what anchors are set on.
  static let ownPrefix = "x-"

  /// - Parameter images: What a dataset's architectures begin with; nil where that is not known.
  mutating func read(_ root: Node, images: (String) -> ArchitectureInput?) throws(Fault)
    -> SweepDefinition
  {
    guard !root.isNull else {
      throw Fault(root.place, "the file is empty: it must hold name: and grid:")
    }
    var top: [String: Entry] = [:]
    for entry in try root.entries(of: "the file:") where !entry.name.hasPrefix(Self.ownPrefix) {
      guard Self.topKeys.contains(entry.name) else { throw Self.unknownTop(entry) }
      guard top.updateValue(entry, forKey: entry.name) == nil else {
        throw Fault(entry.place, "\(entry.name): given twice")
      }
    }
    guard let name = top["name"] else {
      throw Fault(root.place, "name: is missing: give the sweep one, as in name: two-latents")
    }
    let readName = try Self.name(name)
    let readDataset = try dataset(top["dataset"])
    let input = try InputReader.read(top, images: images(readDataset))
    let readGrid = try GridReader(top: top, root: root.place, input: input)
      .read(warnings: &warnings, values: &values)
    var artifacts = try PictureReader.read(top["pictures"])
    artifacts.likelihood = try MeasureReader.likelihood(top["measures"])
    if let measures = top["measures"], artifacts.likelihood != nil,
      !readGrid.values(of: .sampling).contains(.bool(true))
    {
      warnings.append(
        Fault(measures.place, "measures: without sampling no run has a likelihood"))
    }
    return SweepDefinition(
      name: readName, dataset: readDataset, grid: readGrid,
      claims: try ClaimsReader(
        grid: readGrid, origin: origin, hasOptional: artifacts.likelihood != nil
      ).read(top["claims"]),
      looks: try LooksReader(grid: readGrid).read(top["looks"]),
      artifacts: artifacts)
  }

  private static func unknownTop(_ entry: Entry) -> Fault {
    if TrainKey(rawValue: entry.name) != nil {
      return Fault(
        entry.place, "\(entry.name): unknown key (it belongs under train: or under grid:)")
    }
    if GridKey(name: entry.name) != nil {
      return Fault(entry.place, "\(entry.name): unknown key (it belongs under grid:)")
    }
    return unknown(entry, under: nil, known: topKeys)
  }

  /// The fault of a key that is not known, with the one that may have been meant.
  static func unknown(_ entry: Entry, under place: String?, known: [String]) -> Fault {
    let hint =
      Suggestion.nearest(to: entry.name, among: known).map { "did you mean \($0)?" }
      ?? "known: \(known.joined(separator: ", "))"
    let under = place.map { " under \($0):" } ?? ""
    return Fault(entry.place, "\(entry.name): unknown key\(under) (\(hint))")
  }

  /// Whether a text may name a grid or a zip, which `--set` enters by it.
  static func isName(_ text: String) -> Bool {
    (1...100).contains(text.count)
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
  }

  /// The sweep's name, which enters the names of files.
  private static func name(_ entry: Entry) throws(Fault) -> String {
    let expected =
      "up to 100 of the letters a-z and A-Z, digits, '-', '_' and '.', "
      + "beginning with a letter or digit"
    guard case .scalar(let scalar) = entry.node, !entry.node.isNull else {
      throw entry.refused(mustBe: expected)
    }
    let name = scalar.string
    guard name.count <= 100, let first = name.first, first.isASCII,
      first.isLetter || first.isNumber,
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    else { throw entry.refused(mustBe: expected) }
    return name
  }

  /// The dataset's name, or the absolute path of its folder.
  private func dataset(_ entry: Entry?) throws(Fault) -> String {
    guard let entry else { return "mnist" }
    let expected =
      "\(NamedDatasets.names.joined(separator: ", ")), digits:TRAIN:TEST, or a folder such as ./data"
    guard case .scalar(let scalar) = entry.node, !entry.node.isNull else {
      throw entry.refused(mustBe: expected)
    }
    let written = scalar.string
    if NamedDatasets.contains(written) { return written }
    guard written.contains("/") || [".", "..", "~"].contains(written), !written.contains("\0")
    else {
      let meant = Suggestion.nearest(
        to: written, among: NamedDatasets.names.map { $0.replacing("-", with: "_") })
      let hint = meant.map { " (did you mean \($0.replacing("_", with: "-"))?)" } ?? ""
      throw entry.refused(mustBe: expected + hint)
    }
    return FileBytes.resolve(written, from: folder)
  }
}

/// The datasets that a sweep file calls by name.
enum NamedDatasets {
  static let names = ["mnist", "fashion-mnist", "digits"]

  /// Whether `text` is one of them, or digits in a number of one's own: `digits:2000:500`.
  static func contains(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "digits" else { return names.contains(text) }
    return parts.dropFirst().allSatisfy { count in
      count.count <= 7 && Int(count).map { $0 > 0 } ?? false && count.allSatisfy(\.isWholeNumber)
    }
  }
}
