import Yams

/// Turns what the YAML parser gives into nodes of our own: aliases followed, merge keys carried out.
struct YAMLTree {
  /// More than any sweep file has; a few aliases could stand for as many as one likes.
  ///
  /// A node is a value, a list, a mapping or a key.
  static let maxNodes = 200_000
  private static let deepest = 100
  static let tooDeep = "nested too deeply: at most \(deepest) levels are accepted"

  /// The file, or the option, that the text came from.
  private let source: String
  private var count = 0

  init(source: String) { self.source = source }

  mutating func node(_ node: Yams.Node, depth: Int = 0) throws(Fault) -> Node {
    let place = Place(source: source, line: node.mark?.line)
    count += 1
    guard count <= Self.maxNodes else {
      throw Fault(
        place,
        "with its aliases (*name) followed the file has more than \(Self.maxNodes) values, which is the "
          + "most that is accepted: use fewer of them")
    }
    guard depth <= Self.deepest else { throw Fault(place, Self.tooDeep) }
    switch node {
    case .scalar(let scalar):
      return .scalar(
        Node.Scalar(
          string: scalar.string, isPlain: scalar.isPlain, isTagged: scalar.isTagged, place: place))
    case .sequence(let sequence):
      var nodes: [Node] = []
      for element in sequence { nodes.append(try self.node(element, depth: depth + 1)) }
      return .sequence(Node.Items(nodes: nodes, place: place))
    case .mapping(let mapping):
      var pairs = Node.Pairs(pairs: [], place: place)
      var merged: [Node] = []
      for (key, value) in mapping {
        let key = try self.node(key, depth: depth + 1)
        let value = try self.node(value, depth: depth + 1)
        if case .scalar(let scalar) = key, scalar.isPlain, scalar.string == "<<" {
          merged += try Self.sources(of: value)
        } else {
          pairs.pairs.append((key, value))
        }
      }
      for case .mapping(let others) in merged {
        for pair in others {
          // What stands in the mapping itself, or was merged first, wins.
          guard let name = pair.key.text, pairs.index(of: name) == nil else { continue }
          pairs.pairs.append(pair)
        }
      }
      return .mapping(pairs)
    case .alias:
      throw Fault(place, "an alias that cannot be followed")
    }
  }

  /// What stands after `<<`: a mapping or a list of them.
  private static func sources(of value: Node) throws(Fault) -> [Node] {
    let sources = value.listOrOne
    for source in sources {
      guard case .mapping = source else {
        throw Fault(
          source.place ?? value.place,
          "<<: \(source.written) is not accepted: it must be a mapping, as in <<: *base")
      }
    }
    return sources
  }
}

extension Yams.Node.Scalar {
  /// Whether it was written without quotes, so that `5` may be a number.
  fileprivate var isPlain: Bool { style == .plain || style == .any }

  /// Whether it carries a tag of its own, such as `!!str`.
  fileprivate var isTagged: Bool {
    let name = tag.description
    return !(name.isEmpty || name == Tag.Name.implicit.rawValue) && isPlain
  }
}
