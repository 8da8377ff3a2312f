/// A value given on the command line in place of the file's: `--set train.epochs=5`.
struct SweepOverride {
  private let path: [String]
  private let value: Node
  private let place: Place

  /// - Parameter text: A path of keys joined by dots, `=`, and a value as YAML writes it. Grids are
  ///   entered by their names.
  init(_ text: String) throws(Fault) {
    place = Place(source: "--set \(text.quotable)", line: nil)
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    path = (sides.first ?? "").split(separator: ".", omittingEmptySubsequences: false).map {
      String($0)
    }
    guard sides.count == 2, !path.contains("") else {
      throw Fault(place, "must be KEY=VALUE, as in train.epochs=5 or grids.page.grid.seed=0..2")
    }
    guard path[0] != "extends" else {
      throw Fault(place, "extends: what a file extends can't be set: extend it in a file")
    }
    value = try Self.value(String(sides[1]), at: place)
  }

  /// A value on the command line, as YAML writes it.
  static func value(_ text: String, at place: Place) throws(Fault) -> Node {
    do throws(Fault) {
      return try YAMLText.compose(text, source: place.source).map(bare) ?? .null(place)
    } catch {
      throw Fault(place, error.message)
    }
  }

  func apply(to root: inout Node) throws(Fault) {
    try set(path[...], in: &root, under: [])
  }

  /// Lines of the command line say nothing.
  private static func bare(_ node: Node) -> Node {
    func bare(_ place: Place?) -> Place? { place.map { Place(source: $0.source, line: nil) } }
    switch node {
    case .scalar(var scalar):
      scalar.place = bare(scalar.place)
      return .scalar(scalar)
    case .sequence(let items):
      return .sequence(Node.Items(nodes: items.map(Self.bare), place: bare(items.place)))
    case .mapping(let pairs):
      return .mapping(
        Node.Pairs(
          pairs: pairs.map { (Self.bare($0.key), Self.bare($0.value)) },
          place: bare(pairs.place)))
    }
  }

  private func set(_ path: ArraySlice<String>, in node: inout Node, under: [String]) throws(Fault) {
    guard let key = path.first else {
      node = value
      return
    }
    if case .sequence(var items) = node {
      try set(path, in: &items, under: under)
      node = .sequence(items)
      return
    }
    if node.isNull { node = .mapping(Node.Pairs(pairs: [], place: place)) }
    guard case .mapping(var pairs) = node else {
      throw Fault(
        place, "\(under.joined(separator: ".")) is one value: it has no \(key.quotable)")
    }
    if let index = pairs.index(of: key) {
      if path.count == 1, value.isNull {
        // As in a file that extends another.
        pairs.pairs.remove(at: index)
      } else {
        try set(path.dropFirst(), in: &pairs.pairs[index].value, under: under + [key])
        if path.count == 1 { pairs.pairs[index].key = .plain(key, place) }
      }
    } else {
      var new = Node.null(place)
      try set(path.dropFirst(), in: &new, under: under + [key])
      pairs.pairs.append((.plain(key, place), new))
    }
    node = .mapping(pairs)
  }

  /// Enters the element of a list that bears the name.
  private func set(_ path: ArraySlice<String>, in items: inout Node.Items, under: [String])
    throws(Fault)
  {
    let name = path.first ?? ""
    let names = items.map { element -> String? in
      guard case .mapping(let pairs) = element else { return nil }
      return pairs.index(of: "name").flatMap { pairs.pairs[$0].value.text }
    }
    let list = under.joined(separator: ".")
    guard let index = names.firstIndex(of: name) else {
      let known = names.compactMap(\.self)
      guard !known.isEmpty else {
        throw Fault(place, "\(list) is a list: set all of it, as in \(list)=[…]")
      }
      let hint = Suggestion.nearest(to: name, among: known).map { "did you mean \($0)?" }
      throw Fault(
        place,
        "\(list) has no \(name.quotable) (\(hint ?? "known: \(known.joined(separator: ", "))"))")
    }
    try set(path.dropFirst(), in: &items.nodes[index], under: under + [name])
  }
}
